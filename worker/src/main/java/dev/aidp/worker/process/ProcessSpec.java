package dev.aidp.worker.process;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is to be run for one execution. Immutable.
///
/// @param argv the program and its arguments, passed on as they are, never through a shell
/// @param environment the child's complete environment; the marker is added to it, nothing else
/// @param directory the working directory, absolute
/// @param stdin what the child reads on stdin, to the end; null gives it `/dev/null`
/// @param marker what the child and all that it starts are found by
/// @param lineLimitBytes how much of one line of output is kept; the rest is dropped and counted
public record ProcessSpec(
    List<String> argv,
    Map<String, String> environment,
    Path directory,
    @Nullable ByteBuffer stdin,
    ExecutionMarker marker,
    int lineLimitBytes) {

  /// Checks and copies.
  ///
  /// @throws IllegalArgumentException for an empty argv, a relative directory, or a limit below 1
  public ProcessSpec {
    argv = List.copyOf(argv);
    environment = Map.copyOf(environment);
    stdin = stdin == null ? null : stdin.asReadOnlyBuffer();
    if (argv.isEmpty()) {
      throw new IllegalArgumentException("Nothing to run");
    }
    if (!directory.isAbsolute()) {
      throw new IllegalArgumentException("Working directory is relative: " + directory);
    }
    if (lineLimitBytes < 1) {
      throw new IllegalArgumentException("Line limit below 1: " + lineLimitBytes);
    }
  }

  /// A spec without stdin and with the line limit of shell jobs ([LineSplitter#SHELL_LIMIT_BYTES]).
  public static ProcessSpec of(
      List<String> argv, Map<String, String> environment, Path directory, ExecutionMarker marker) {
    return new ProcessSpec(
        argv, environment, directory, null, marker, LineSplitter.SHELL_LIMIT_BYTES);
  }

  /// The same with this text, as UTF-8, on stdin.
  public ProcessSpec withStdin(String text) {
    return withStdin(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  /// The same with these bytes on stdin. They must not be changed afterwards.
  public ProcessSpec withStdin(ByteBuffer bytes) {
    return new ProcessSpec(argv, environment, directory, bytes, marker, lineLimitBytes);
  }

  /// The same with another line limit ([LineSplitter#AGENT_LIMIT_BYTES] for JSON lines).
  public ProcessSpec withLineLimitBytes(int bytes) {
    return new ProcessSpec(argv, environment, directory, stdin, marker, bytes);
  }

  /// Without the environment and stdin, which hold secrets.
  @Override
  public String toString() {
    return "ProcessSpec[argv=" + argv + ", directory=" + directory + ", marker=" + marker + "]";
  }
}
