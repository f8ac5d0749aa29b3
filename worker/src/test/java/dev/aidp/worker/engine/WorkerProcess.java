package dev.aidp.worker.engine;

import dev.aidp.db.connect.Connections;
import dev.aidp.db.connect.DatabaseAddress;
import dev.aidp.worker.host.HostIdentity;
import dev.aidp.worker.price.SpendingRules;
import dev.aidp.worker.provider.DemoProvider;
import dev.aidp.worker.provider.ShellProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A worker in a process of its own, to be killed.
final class WorkerProcess {
  private WorkerProcess() {}

  public static void main(String[] args) throws InterruptedException {
    Path home = Path.of(args[0]);
    WorkerEvents events =
        new WorkerEvents() {
          @Override
          public void problem(String what, @Nullable Throwable failure) {
            System.err.println(what);
          }
        };
    Worker worker =
        new Worker(
            new WorkerOptions(
                home,
                HostIdentity.current(home, Map.of("AIDP_HOST", args[3])),
                Integer.parseInt(args[2]),
                List.of(new ShellProvider(), new DemoProvider()),
                Map.copyOf(System.getenv()),
                _ -> Optional.empty(),
                _ -> SpendingRules.NONE,
                false,
                null,
                false,
                false,
                args.length > 4 && args[4].equals("quick")
                    ? WorkerHarness.QUICK
                    : WorkerOptions.Timing.STANDARD,
                "test"),
            Connections.to(DatabaseAddress.parse(args[1])),
            events,
            InstantSource.system());
    worker.start();
    System.out.println("started");
    worker.run(Duration.ofSeconds(30));
  }

  /// Starts one; the caller kills it.
  static Process start(Path home, DatabaseAddress database, int slots, String host, String timing) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(WorkerProcess.class.getName());
    command.addAll(List.of(home.toString(), database.toUri(), String.valueOf(slots), host, timing));
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("workers.log").toFile()))
          .start();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
