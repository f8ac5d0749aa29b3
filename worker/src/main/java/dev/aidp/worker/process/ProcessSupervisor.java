package dev.aidp.worker.process;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.worker.process.StartFailure.Kind;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// Starts the processes of jobs, each with its own session, and sees to it that nothing of them
/// outlives its job or this JVM: [JobProcess] while the JVM lives, [Guardian] when it dies.
///
/// Open one for a worker. Thread-safe; made to be called from virtual threads. The output is read
/// by daemon platform threads, two a job, since a blocked read of a pipe holds its carrier.
/// [#close()] ends all that still runs, without grace.
public final class ProcessSupervisor implements AutoCloseable {
  private static final Duration STALE_STDIN = Duration.ofMinutes(10);

  private final Path scratch;
  private final OwnSession session;
  private final SharedSnapshots snapshots;
  private final Guardian guardian;
  private final OutputPipes pipes;
  private final Executor readers =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("job-output-", 0).factory());
  private final Set<JobProcess> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private ProcessSupervisor(Path scratch, OwnSession session, ProcessTable table) {
    this.scratch = scratch;
    this.session = session;
    this.snapshots = new SharedSnapshots(table);
    this.pipes = openPipes();
    this.guardian = Guardian.open(session, pipes.directory());
  }

  /// Starts the guardian and waits until it listens (a few milliseconds).
  ///
  /// @param scratch an existing directory for the stdin files of jobs, each there (mode 0600) for
  ///   the moment of the start only; what a crash left is removed
  /// @throws AidpException if the guardian does not start
  public static ProcessSupervisor open(Path scratch) {
    return open(scratch, OwnSession.ofThisHost(), ProcessTable.ofThisHost());
  }

  static ProcessSupervisor open(Path scratch, OwnSession session, ProcessTable table) {
    removeStale(scratch);
    return new ProcessSupervisor(scratch, session, table);
  }

  /// Starts the process. The caller waits for its end by [JobProcess#await()] and may end it by
  /// [JobProcess#stop(Duration)].
  ///
  /// @throws StartFailure if nothing was started
  /// @throws IllegalStateException if this supervisor is closed
  public JobProcess start(ProcessSpec spec, LineConsumer consumer) throws StartFailure {
    if (closed) {
      throw new IllegalStateException("The process supervisor is closed");
    }
    ExecutableSearch.find(spec.argv().getFirst(), spec.environment(), spec.directory());
    Launch.checkEncodable(spec.argv(), spec.environment());
    Map<String, String> environment = new HashMap<>(spec.environment());
    environment.put(ExecutionMarker.VARIABLE, spec.marker().value());
    ProcessBuilder builder =
        Launch.builder(session.leader(spec.argv()), environment, spec.directory(), session);
    long sinceTicks = snapshots.table().nowTicks();
    Guardian.Registration registration = guardian.register(spec.marker());
    JobOutput output = new JobOutput(spec.lineLimitBytes(), consumer);
    boolean started = false;
    try {
      Process process = startWithStdin(builder, spec.stdin(), output);
      started = true;
      long pid = process.pid();
      long startTicks = snapshots.table().startTicks(pid).orElse(0);
      registration.started(pid, startTicks);
      return supervise(
          new JobProcess(
              process,
              output,
              () -> ProcessHunt.forJob(snapshots, pid, startTicks, sinceTicks, spec.marker())),
          registration);
    } finally {
      if (!started) {
        registration.close();
      }
    }
  }

  /// Ends what runs, then the guardian. Blocks until done; safe to repeat.
  @Override
  public void close() {
    closed = true;
    List<JobProcess> left = List.copyOf(running);
    List<Thread> stops = new ArrayList<>();
    for (JobProcess job : left) {
      stops.add(Thread.ofVirtual().start(() -> stopUninterrupted(job)));
    }
    try {
      for (Thread stop : stops) {
        stop.join();
      }
    } catch (InterruptedException e) {
      // The guardian ends what is left.
      Thread.currentThread().interrupt();
    }
    guardian.close();
    pipes.close();
  }

  private static OutputPipes openPipes() {
    try {
      return OutputPipes.open();
    } catch (IOException e) {
      throw new AidpException(
          ErrorCategory.INTERNAL,
          "No directory for the pipes of jobs can be made: " + e,
          "Make the directory for temporary files writable",
          e);
    }
  }

  private static void stopUninterrupted(JobProcess job) {
    try {
      job.stop(Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The pid of the guarding process now.
  long guardianPid() {
    return guardian.pid();
  }

  private JobProcess supervise(JobProcess job, Guardian.Registration registration) {
    running.add(job);
    job.watch(() -> {
      registration.close();
      running.remove(job);
    });
    if (closed) {
      stopUninterrupted(job);
      throw new IllegalStateException("The process supervisor is closed");
    }
    return job;
  }

  /// The JDK opens the file itself before it returns, so it can be gone by then.
  private Process startWithStdin(
      ProcessBuilder builder, @Nullable ByteBuffer stdin, JobOutput output) throws StartFailure {
    if (stdin == null) {
      return output.start(
          builder.redirectInput(Redirect.from(new File("/dev/null"))), pipes, readers);
    }
    Path file = null;
    try {
      file =
          Files.createTempFile(
              scratch,
              "stdin-",
              "",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      write(file, stdin.duplicate());
      return output.start(builder.redirectInput(Redirect.from(file.toFile())), pipes, readers);
    } catch (IOException e) {
      throw new StartFailure(
          Kind.REFUSED_BY_SYSTEM, "The input can't be written to " + scratch + ": " + e, e);
    } finally {
      if (file != null) {
        delete(file);
      }
    }
  }

  private static void write(Path file, ByteBuffer bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  private static void removeStale(Path scratch) {
    Instant limit = Instant.now().minus(STALE_STDIN);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(scratch, "stdin-*")) {
      for (Path file : files) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
          delete(file);
        }
      }
    } catch (IOException e) {
      // Only a leftover; whether the directory can be used is seen at the first start.
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // Mode 0600, and removed by the next supervisor that opens.
    }
  }
}
