package dev.aidp.cli.agents;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// `agents/fake-api.mjs`: the APIs of the models on loopback, by scenarios. It ends by itself if it
/// is not closed.
final class FakeApi implements AutoCloseable {
  private static final Path SCRIPT = Path.of("../agents/fake-api.mjs").toAbsolutePath().normalize();
  private static final Duration LIFETIME = Duration.ofMinutes(30);
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Process process;
  private final int port;

  /// @param directory for its files
  static FakeApi start(Path directory) throws IOException, InterruptedException {
    Path portFile = directory.resolve("api-port");
    Process process =
        new ProcessBuilder(
                "node",
                SCRIPT.toString(),
                "--port",
                "0",
                "--port-file",
                portFile.toString(),
                "--lifetime",
                String.valueOf(LIFETIME.toSeconds()))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("api.log").toFile())
            .start();
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!Files.exists(portFile) || Files.size(portFile) == 0) {
      if (process.waitFor(50, TimeUnit.MILLISECONDS) || System.nanoTime() > end) {
        process.destroyForcibly();
        throw new IllegalStateException(Files.readString(directory.resolve("api.log")));
      }
    }
    return new FakeApi(process, Integer.parseInt(Files.readString(portFile).strip()));
  }

  private FakeApi(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /// Where one run finds its scenario.
  String url(String scenario, String run) {
    return "http://127.0.0.1:" + port + "/s/" + scenario + "/" + run;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
