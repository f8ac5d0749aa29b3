package dev.aidp.cli.tui.screen;

import dev.aidp.core.job.JobStatus;
import dev.aidp.db.read.JobFilter;
import dev.aidp.db.read.ReadJobs.UuidRange;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The filter of the job list as it is typed: `provider:claude status:failed,waiting run:7f3a` and
/// words.
final class FilterText {
  private static final List<String> KEYS = List.of("provider:", "run:", "status:");

  private FilterText() {}

  /// What was meant, or why that is not clear.
  sealed interface Parsed {
    record Filter(JobFilter filter) implements Parsed {}

    record Unclear(String why) implements Parsed {}
  }

  static Parsed parse(String text) {
    Set<JobStatus> statuses = EnumSet.noneOf(JobStatus.class);
    @Nullable String provider = null;
    @Nullable UuidRange run = null;
    List<String> words = new ArrayList<>();
    for (String word : text.strip().split("\\s+", -1)) {
      int colon = word.indexOf(':');
      String key = colon < 0 ? "" : word.substring(0, colon + 1).toLowerCase(Locale.ROOT);
      String value = word.substring(colon + 1);
      if (!KEYS.contains(key)) {
        words.add(word);
        continue;
      }
      if (value.isEmpty()) {
        return new Parsed.Unclear(key + " needs a value");
      }
      switch (key) {
        case "provider:" -> provider = value.toLowerCase(Locale.ROOT);
        case "run:" -> {
          run = UuidRange.ofPrefix(value).orElse(null);
          if (run == null) {
            return new Parsed.Unclear("run: needs 4 or more digits of a run id");
          }
        }
        default -> {
          Optional<String> unknown = addStatuses(value, statuses);
          if (unknown.isPresent()) {
            return new Parsed.Unclear(
                "there is no status '%s'; there are %s"
                    .formatted(unknown.get(), String.join(", ", statuses())));
          }
        }
      }
    }
    words.removeIf(String::isEmpty);
    return new Parsed.Filter(new JobFilter(statuses, provider, run, words));
  }

  /// @return a word that is no status
  private static Optional<String> addStatuses(String value, Set<JobStatus> statuses) {
    for (String word : value.split(",", -1)) {
      try {
        statuses.add(JobStatus.ofWord(word));
      } catch (IllegalArgumentException e) {
        return Optional.of(word);
      }
    }
    return Optional.empty();
  }

  private static List<String> statuses() {
    return Stream.of(JobStatus.values()).map(JobStatus::word).toList();
  }

  /// What a word could be the beginning of.
  static List<String> completions(String word, Set<String> providers) {
    if (word.isEmpty()) {
      return KEYS;
    }
    return Stream.concat(
            KEYS.stream(),
            Stream.concat(
                statuses().stream().map("status:"::concat),
                providers.stream().sorted().map("provider:"::concat)))
        .filter(candidate -> candidate.startsWith(word) && !candidate.equals(word))
        .filter(candidate -> word.contains(":") || candidate.endsWith(":"))
        .toList();
  }
}
