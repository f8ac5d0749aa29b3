package dev.aidp.worker.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `ps`, for systems without `/proc` (macOS). It shows the environment behind the command, but not
/// that of the system's own protected programs: those are found as descendants and by their process
/// group only. Start times are whole seconds since 1970.
final class PsProcessTable implements ProcessTable {
  static final List<String> BSD_PS =
      List.of("/bin/ps", "-A", "-E", "-ww", "-o", "pid=,ppid=,pgid=,state=,lstart=,command=");

  /// The same in the words of Linux, where tests run this class.
  static final List<String> PROCPS =
      List.of("/bin/ps", "-A", "eww", "-o", "pid=,ppid=,pgid=,state=,lstart=,args=");

  private static final Pattern ROW =
      Pattern.compile(
          "\\s*(\\d+)\\s+(\\d+)\\s+(\\d+)\\s+(\\S+)"
              + "\\s+\\w{3}\\s+(\\w{3})\\s+(\\d{1,2})\\s+(\\d\\d:\\d\\d:\\d\\d)\\s+(\\d{4})(.*)");
  private static final Pattern MARKER =
      Pattern.compile("\\s" + ExecutionMarker.VARIABLE + "=(\\S+)");
  private static final DateTimeFormatter START =
      DateTimeFormatter.ofPattern("MMM d HH:mm:ss yyyy", Locale.ENGLISH);

  private final List<String> ps;

  PsProcessTable(List<String> ps) {
    this.ps = List.copyOf(ps);
  }

  @Override
  public Snapshot snapshot() {
    List<ProcessEntry> entries = new ArrayList<>();
    Map<Long, Optional<ExecutionMarker>> markers = new HashMap<>();
    for (String row : output().split("\n", -1)) {
      Matcher fields = ROW.matcher(row);
      if (!fields.matches() || fields.group(4).startsWith("Z")) {
        continue;
      }
      long pid = Long.parseLong(fields.group(1));
      entries.add(
          new ProcessEntry(
              pid,
              Long.parseLong(fields.group(2)),
              Long.parseLong(fields.group(3)),
              startSeconds(fields)));
      Matcher marker = MARKER.matcher(fields.group(9));
      markers.put(pid, marker.find() ? ExecutionMarker.parse(marker.group(1)) : Optional.empty());
    }
    return new PsSnapshot(List.copyOf(entries), markers);
  }

  @Override
  public boolean isStill(ProcessEntry entry) {
    OptionalLong now = startTicks(entry.pid());
    return now.isPresent() && sameStart(now.getAsLong(), entry.startTicks());
  }

  /// `ps` and the JDK round differently.
  @Override
  public boolean sameStart(long ticks, long otherTicks) {
    return Math.abs(ticks - otherTicks) <= 2;
  }

  @Override
  public OptionalLong startTicks(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(handle -> handle.info().startInstant())
        .map(start -> OptionalLong.of(start.getEpochSecond()))
        .orElseGet(OptionalLong::empty);
  }

  @Override
  public long nowTicks() {
    return System.currentTimeMillis() / 1000 - 2;
  }

  private static long startSeconds(Matcher fields) {
    String text =
        fields.group(5) + " " + fields.group(6) + " " + fields.group(7) + " " + fields.group(8);
    try {
      return LocalDateTime.parse(text, START).toEpochSecond(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      return 0;
    }
  }

  /// A table that can't be read is an empty one: descendants are then all that is found.
  private String output() {
    ProcessBuilder builder = new ProcessBuilder(ps).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C", "TZ", "UTC"));
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  private record PsSnapshot(
      List<ProcessEntry> entries, Map<Long, Optional<ExecutionMarker>> markers)
      implements Snapshot {
    /// `ps` does not tell.
    @Override
    public boolean missedSome() {
      return false;
    }

    @Override
    public Optional<ExecutionMarker> marker(ProcessEntry entry) {
      return markers.getOrDefault(entry.pid(), Optional.empty());
    }
  }
}
