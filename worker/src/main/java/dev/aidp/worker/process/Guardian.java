package dev.aidp.worker.process;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The shell process that outlives the worker by a few seconds. Its stdin is the lifeline: at
/// end-of-file, which the system gives it however the worker died, it ends everything that is
/// registered. It has a session of its own, ignores every signal that can be ignored, and carries
/// no marker. One serves all jobs of a worker: a process of its own for each job would do the same
/// for several milliseconds of processor time a job. If it dies, another takes its place.
/// Thread-safe.
final class Guardian implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration RESTART_PAUSE = Duration.ofSeconds(1);
  private static final String TOOLS = "/usr/bin:/bin:/usr/sbin:/sbin";

  private final OwnSession session;
  private final String tableMode;
  private final Path pipes;
  private final BitSet slots = new BitSet();
  private final Map<Integer, String> lines = new HashMap<>();
  private @Nullable Process process;
  private boolean closed;

  /// What protects one job until it is closed.
  final class Registration implements AutoCloseable {
    private final int slot;
    private final ExecutionMarker marker;
    private boolean released;

    private Registration(int slot, ExecutionMarker marker) {
      this.slot = slot;
      this.marker = marker;
    }

    /// Tells the pid, once there is one. Without it the marker alone is looked for.
    void started(long pid, long startTicks) {
      write(slot, slot + " " + pid + " " + startTicks + " " + marker.value());
    }

    @Override
    public void close() {
      synchronized (Guardian.this) {
        if (!released) {
          released = true;
          release(slot);
        }
      }
    }
  }

  private Guardian(OwnSession session, String tableMode, Path pipes) {
    this.session = session;
    this.pipes = pipes;
    this.tableMode = tableMode;
  }

  /// Starts the process and waits until it listens.
  ///
  /// @param pipes a directory that it deletes at last, should the worker not have done so
  /// @throws AidpException if there is no bash or it does not start
  static Guardian open(OwnSession session, Path pipes) {
    return open(session, LinuxProcessTable.available() ? "proc" : "bsd", pipes);
  }

  /// @param tableMode how the script reads the process table: `proc`, `bsd` or `procps`
  static Guardian open(OwnSession session, String tableMode, Path pipes) {
    Guardian guardian = new Guardian(session, tableMode, pipes);
    try {
      guardian.launch();
    } catch (IOException | StartFailure e) {
      throw new AidpException(
          ErrorCategory.INTERNAL,
          "The process that guards jobs did not start: " + e.getMessage(),
          "Check that bash is installed and in PATH, then run: aidp doctor",
          e);
    }
    return guardian;
  }

  /// To be called before the process starts, so that there is no moment without protection.
  Registration register(ExecutionMarker marker) {
    int slot;
    synchronized (this) {
      slot = slots.nextClearBit(0);
      slots.set(slot);
    }
    write(slot, slot + " 0 0 " + marker.value());
    return new Registration(slot, marker);
  }

  /// The pid of the process now.
  synchronized long pid() {
    return process == null ? -1 : process.pid();
  }

  /// Cuts the lifeline and waits for the end, which is at once if nothing is registered.
  @Override
  public void close() {
    Process ending;
    synchronized (this) {
      closed = true;
      ending = process;
    }
    if (ending == null) {
      return;
    }
    try {
      ending.getOutputStream().close();
    } catch (IOException e) {
      // It is dead already.
    }
    try {
      if (!ending.waitFor(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        ending.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void release(int slot) {
    slots.clear(slot);
    lines.remove(slot);
    send(Integer.toString(slot));
  }

  private synchronized void write(int slot, String line) {
    lines.put(slot, line);
    send(line);
  }

  /// A line is shorter than PIPE_BUF, so it arrives whole or not at all. A failure is the death of
  /// the process, and its successor is told everything.
  private void send(String line) {
    Process target = process;
    if (target == null) {
      return;
    }
    try {
      OutputStream lifeline = target.getOutputStream();
      lifeline.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
      lifeline.flush();
    } catch (IOException e) {
      // See watch().
    }
  }

  private void launch() throws IOException, StartFailure {
    Map<String, String> environment = Map.of("LC_ALL", "C", "PATH", toolPath());
    Path root = Path.of("/");
    Path bash = ExecutableSearch.find("bash", environment, root);
    List<String> command =
        session.leader(
            List.of(
                bash.toString(),
                "-p",
                "-c",
                script(),
                "aidp-guardian",
                tableMode,
                pipes.toString()));
    ProcessBuilder builder =
        Launch.builder(command, environment, root, session)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    Process started = Launch.start(builder);
    if (started.getInputStream().read() < 0) {
      throw new IOException("bash ended with exit code " + exitCode(started));
    }
    synchronized (this) {
      if (closed) {
        started.getOutputStream().close();
        return;
      }
      process = started;
      lines.values().forEach(this::send);
    }
    Thread.ofVirtual().name("guardian-watch").start(() -> watch(started));
  }

  private void watch(Process watched) {
    try {
      watched.waitFor();
      for (boolean replaced = false; !replaced; ) {
        synchronized (this) {
          if (closed) {
            return;
          }
          process = null;
        }
        try {
          launch();
          replaced = true;
        } catch (IOException | StartFailure e) {
          Thread.sleep(RESTART_PAUSE);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Where the system's tools are, whatever PATH says.
  static String toolPath() {
    return TOOLS + ":" + System.getenv().getOrDefault("PATH", "");
  }

  static int exitCode(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  private static String script() throws IOException {
    try (InputStream in = Guardian.class.getResourceAsStream("guardian.sh")) {
      if (in == null) {
        throw new IOException("guardian.sh is missing from the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
