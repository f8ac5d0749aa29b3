package dev.aidp.worker.process;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// `/proc`. Environments are read only when asked for, at most once in a snapshot: most processes
/// are ruled out by their start time.
final class LinuxProcessTable implements ProcessTable {
  private static final byte[] MARKER_START =
      (ExecutionMarker.VARIABLE + "=").getBytes(StandardCharsets.US_ASCII);
  private static final int STATE = 0;
  private static final int PARENT = 1;
  private static final int SESSION = 3;
  private static final int START_TIME = 19;
  private static final long TICKS_PER_SECOND = 100;

  static boolean available() {
    return new File("/proc/self/stat").canRead();
  }

  @Override
  public Snapshot snapshot() {
    long young = nowTicks();
    ProcSnapshot snapshot = new ProcSnapshot();
    byte[] buffer = new byte[1024];
    String[] names = new File("/proc").list();
    // The directory is in the order of pids, and the youngest are the first to be gone again.
    for (int i = (names == null ? 0 : names.length) - 1; i >= 0; i--) {
      if (Character.isDigit(names[i].charAt(0))) {
        snapshot.add(names[i], buffer, young);
      }
    }
    return snapshot;
  }

  @Override
  public boolean isStill(ProcessEntry entry) {
    OptionalLong now = startTicks(entry.pid());
    return now.isPresent() && now.getAsLong() == entry.startTicks();
  }

  @Override
  public boolean sameStart(long ticks, long otherTicks) {
    return ticks == otherTicks;
  }

  @Override
  public OptionalLong startTicks(long pid) {
    try {
      return read(Long.toString(pid), new byte[1024])
          .map(entry -> OptionalLong.of(entry.startTicks()))
          .orElseGet(OptionalLong::empty);
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public long nowTicks() {
    try (FileInputStream file = new FileInputStream("/proc/uptime")) {
      String uptime = new String(file.readNBytes(64), StandardCharsets.US_ASCII);
      double seconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
      return Math.max(0, (long) (seconds * TICKS_PER_SECOND) - TICKS_PER_SECOND);
    } catch (IOException | RuntimeException e) {
      return 0;
    }
  }

  private static Optional<ProcessEntry> read(String pid, byte[] buffer) throws IOException {
    try (FileInputStream file = new FileInputStream("/proc/" + pid + "/stat")) {
      return parse(Long.parseLong(pid), buffer, file.readNBytes(buffer, 0, buffer.length));
    }
  }

  /// The second field is the program's name in parentheses and may hold anything, these included.
  private static Optional<ProcessEntry> parse(long pid, byte[] stat, int length) {
    int at = length - 1;
    while (at >= 0 && stat[at] != ')') {
      at--;
    }
    long[] fields = new long[START_TIME + 1];
    at += 2;
    for (int field = 0; field <= START_TIME; field++, at++) {
      long value = 0;
      for (; at < length && stat[at] != ' '; at++) {
        value = field == STATE ? stat[at] : value * 10 + (stat[at] - '0');
      }
      fields[field] = value;
    }
    if (length == 0 || fields[STATE] == 'Z' || fields[STATE] == 'X' || fields[STATE] == 'x') {
      return Optional.empty();
    }
    return Optional.of(new ProcessEntry(pid, fields[PARENT], fields[SESSION], fields[START_TIME]));
  }

  static Optional<ExecutionMarker> findMarker(byte[] environment) {
    int start = 0;
    while (start < environment.length) {
      int end = start;
      while (end < environment.length && environment[end] != 0) {
        end++;
      }
      int name = MARKER_START.length;
      if (end - start > name
          && Arrays.equals(environment, start, start + name, MARKER_START, 0, name)) {
        return ExecutionMarker.parse(
            new String(environment, start + name, end - start - name, StandardCharsets.UTF_8));
      }
      start = end + 1;
    }
    return Optional.empty();
  }

  private static final class ProcSnapshot implements Snapshot {
    private final List<ProcessEntry> entries = new ArrayList<>();
    private final Map<Long, Optional<ExecutionMarker>> markers = new HashMap<>();
    private boolean missedSome;

    /// @param young the start from which on a process is asked for its marker at once
    private void add(String pid, byte[] buffer, long young) {
      try {
        Optional<ProcessEntry> read = read(pid, buffer);
        if (read.isPresent()) {
          entries.add(read.get());
          if (read.get().startTicks() >= young) {
            marker(read.get());
          }
        }
      } catch (IOException e) {
        missedSome = true;
      }
    }

    @Override
    public List<ProcessEntry> entries() {
      return Collections.unmodifiableList(entries);
    }

    @Override
    public boolean missedSome() {
      return missedSome;
    }

    @Override
    public synchronized Optional<ExecutionMarker> marker(ProcessEntry entry) {
      return markers.computeIfAbsent(entry.pid(), this::readMarker);
    }

    private Optional<ExecutionMarker> readMarker(long pid) {
      String path = "/proc/" + pid + "/environ";
      try (FileInputStream file = new FileInputStream(path)) {
        return findMarker(file.readAllBytes());
      } catch (IOException e) {
        // Another user's, or gone.
        missedSome |= !new File(path).exists();
        return Optional.empty();
      }
    }
  }
}
