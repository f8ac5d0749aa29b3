package dev.aidp.worker.process;

import dev.aidp.worker.process.StartFailure.Kind;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Starts a checked command, with every way to fail told apart.
final class Launch {
  private static final String NATIVE_ENCODING = System.getProperty("sun.jnu.encoding", "UTF-8");

  private Launch() {}

  /// A builder for the command in a session, with exactly this environment.
  static ProcessBuilder builder(
      List<String> command, Map<String, String> environment, Path directory, OwnSession session)
      throws StartFailure {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      session.prepare(builder.environment());
      return builder;
    } catch (IllegalArgumentException e) {
      throw new StartFailure(
          Kind.UNUSABLE_ARGUMENT, "A variable can't be passed on: " + e.getMessage(), e);
    }
  }

  static Process start(ProcessBuilder builder) throws StartFailure {
    try {
      return builder.start();
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage());
      // E2BIG in the two forms of the JDK.
      if (reason.contains("error: 7 ") || reason.contains("error=7,")) {
        throw new StartFailure(
            Kind.UNUSABLE_ARGUMENT,
            "The command with its environment is too long for the system; put the long text into"
                + " a file",
            e);
      }
      throw new StartFailure(
          reason.contains("invalid null character")
              ? Kind.UNUSABLE_ARGUMENT
              : Kind.REFUSED_BY_SYSTEM,
          "The system refused to start the process: " + reason,
          e);
    }
  }

  /// The JVM passes strings on in its locale's encoding and writes `?` for what that lacks.
  static void checkEncodable(List<String> argv, Map<String, String> environment)
      throws StartFailure {
    if (NATIVE_ENCODING.equals("UTF-8")) {
      return;
    }
    CharsetEncoder encoder = Charset.forName(NATIVE_ENCODING).newEncoder();
    boolean encodable =
        argv.stream().allMatch(encoder::canEncode)
            && environment.values().stream().allMatch(encoder::canEncode);
    if (!encodable) {
      throw new StartFailure(
          Kind.UNUSABLE_ARGUMENT,
          "An argument or variable can't be passed on in the worker's locale ("
              + NATIVE_ENCODING
              + "); start the worker with LC_ALL=C.UTF-8");
    }
  }
}
