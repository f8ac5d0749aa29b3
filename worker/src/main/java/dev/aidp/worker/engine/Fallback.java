package dev.aidp.worker.engine;

import dev.aidp.core.job.Alternative;
import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.outcome.Outcome;
import dev.aidp.db.queue.ClaimKey;
import dev.aidp.db.queue.ClaimedJob;
import dev.aidp.db.queue.DivertJobs;
import dev.aidp.db.read.ListPauses;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds another provider for jobs whose own is at its usage limit, where they name some.
final class Fallback {
  private static final OffsetDateTime HEAD = OffsetDateTime.of(1, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

  private final WorkerContext worker;

  /// How far each line of a paused provider was looked through. One thread's.
  private final Map<ClaimKey, OffsetDateTime> seen = new HashMap<>();

  Fallback(WorkerContext worker) {
    this.worker = worker;
  }

  /// Who goes on with a job that met the limit; says so in its log.
  ///
  /// @return null: it waits
  @Nullable Alternative after(RunningExecution execution, Outcome outcome) {
    ClaimedJob job = execution.job();
    boolean limited =
        outcome instanceof Outcome.Failed failed && failed.errorClass() == ErrorClass.USAGE_LIMIT;
    if (!limited || job.options().fallback().isEmpty()) {
      return null;
    }
    Set<String> paused;
    try (DatabaseLoop database = worker.borrowConnection()) {
      paused = pausedHere(database.once(ListPauses::all));
    } catch (SQLException | RuntimeException e) {
      worker.reportDatabase("looking for another provider", e);
      return null;
    }
    paused.add(job.provider());
    Alternative next =
        job.options().fallback().stream()
            .filter(alternative -> !paused.contains(alternative.provider()))
            .findFirst()
            .orElse(null);
    if (next != null) {
      execution.log().log(
          LogLevel.WARN,
          LogCategory.SYSTEM,
          job.provider()
              + " is at its usage limit: the job goes on with "
              + next.provider()
              + ", in a new session",
          Map.of("from", job.provider(), "to", next.provider()));
    }
    return next;
  }

  private Set<String> pausedHere(Collection<ListPauses.Pause> pauses) {
    return pauses.stream()
        .filter(pause -> pause.host().equals(worker.options().host().label()))
        .map(ListPauses.Pause::provider)
        .collect(Collectors.toCollection(HashSet::new));
  }

  /// Looks through the lines of paused providers, a part at a time. Jobs that any host may take are
  /// left for the others.
  ///
  /// @param pauses of this host
  /// @return keys under which jobs can now be claimed
  Set<ClaimKey> divert(
      DatabaseLoop database, Collection<ClaimKey> keys, List<ListPauses.Pause> pauses)
      throws SQLException {
    Set<String> limited =
        pauses.stream()
            .filter(pause -> pause.left().isPositive())
            .map(ListPauses.Pause::provider)
            .collect(Collectors.toSet());
    seen.keySet().removeIf(key -> !limited.contains(key.provider()));
    Set<String> paused = pausedHere(pauses);
    Set<ClaimKey> ready = new HashSet<>();
    for (ClaimKey key : keys) {
      if (limited.contains(key.provider()) && key.host().equals(worker.options().host().label())) {
        OffsetDateTime after = seen.getOrDefault(key, HEAD);
        DivertJobs.Diverted diverted =
            database.once(connection -> DivertJobs.fromLine(connection, key, paused, after));
        ready.addAll(diverted.ready());
        if (diverted.seenTo() != null) {
          seen.put(key, diverted.seenTo());
        }
      }
    }
    return ready;
  }
}
