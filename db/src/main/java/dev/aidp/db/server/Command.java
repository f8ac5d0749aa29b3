package dev.aidp.db.server;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// A short-lived program of the system or of PostgreSQL, run to its end.
///
/// It gets no environment but the search path: the server that one of them leaves behind must not
/// carry a job's marker, secrets or `PG*` settings.
record Command(List<String> words, Path directory, String input, Duration timeout) {
  private static final String DEFAULT_PATH = "/usr/bin:/bin:/usr/sbin:/sbin";
  private static final int CANNOT_RUN = 127;

  /// @param exitCode 127 when it could not be started; that of its killing when it took too long
  /// @param output stdout and stderr
  record Result(int exitCode, String output) {
    boolean succeeded() {
      return exitCode == 0;
    }
  }

  static Command of(String... words) {
    return of(List.of(words));
  }

  static Command of(List<String> words) {
    return new Command(List.copyOf(words), Path.of("/"), "", Duration.ofSeconds(20));
  }

  Command in(Path newDirectory) {
    return new Command(words, newDirectory, input, timeout);
  }

  Command withInput(String newInput) {
    return new Command(words, directory, newInput, timeout);
  }

  Command within(Duration newTimeout) {
    return new Command(words, directory, input, newTimeout);
  }

  /// As the other account, where PostgreSQL can't be run as the caller.
  Command as(Account account) {
    List<String> all = new ArrayList<>(account.prefix());
    all.addAll(words);
    return new Command(all, directory, input, timeout);
  }

  Result run() {
    ProcessBuilder builder =
        new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    String path = environment.getOrDefault("PATH", "");
    environment.clear();
    environment.put("PATH", path.isEmpty() ? DEFAULT_PATH : path + ":" + DEFAULT_PATH);
    // On macOS the server refuses to start without any locale.
    environment.put("LC_ALL", "C");
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      return new Result(CANNOT_RUN, String.valueOf(e.getMessage()));
    }
    CompletableFuture<Void> ended = new CompletableFuture<>();
    Executor later = CompletableFuture.delayedExecutor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    later.execute(() -> {
      if (!ended.isDone()) {
        process.destroyForcibly();
      }
    });
    try {
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // It ended without reading; its exit code says why.
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      return new Result(CANNOT_RUN, "interrupted");
    } finally {
      ended.complete(null);
    }
  }
}
