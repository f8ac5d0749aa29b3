package dev.aidp.worker.provider;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// Runs real children without supervision. Lines end at any line end, which is enough here.
final class PlainProcesses implements ProcessRunner {
  @Override
  public Exit run(Command command, Output output) throws InterruptedException {
    Process process;
    try {
      ProcessBuilder builder = new ProcessBuilder(command.argv());
      builder.directory(command.directory().toFile());
      builder.environment().clear();
      builder.environment().putAll(command.environment());
      process = builder.start();
    } catch (IOException e) {
      return new Exit.NotStarted(String.valueOf(e.getMessage()));
    }
    Thread stdout = drain(process.inputReader(StandardCharsets.UTF_8), output::stdout);
    Thread stderr =
        drain(
            new BufferedReader(
                new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8)),
            output::stderr);
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(command.stdin().getBytes(StandardCharsets.UTF_8));
    } catch (IOException _) {
      // It did not read its input: its exit tells.
    }
    int code = process.waitFor();
    stdout.join();
    stderr.join();
    return new Exit.Code(code);
  }

  private static Thread drain(BufferedReader reader, Consumer<String> lines) {
    return Thread.ofVirtual()
        .start(() -> {
          try (reader) {
            reader.lines().forEach(lines);
          } catch (IOException | UncheckedIOException _) {
            // The process has gone.
          }
        });
  }
}
