package dev.aidp.db.server;

import java.nio.file.Path;
import java.util.List;

/// A program of its own that starts the server of a home and prints the address.
final class ServerProcess {
  private ServerProcess() {}

  static Process start(Path home) throws java.io.IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                ServerProcess.class.getName(),
                home.toString()));
    builder.environment().put("AIDP_EXECUTION", "marker");
    builder.environment().put("AIDP_HOST", "marker");
    builder.environment().put("PGOPTIONS", "marker");
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    return builder.start();
  }

  public static void main(String[] arguments) {
    System.out.println(EmbeddedServer.at(Path.of(arguments[0])).start().toUri());
  }
}
