package dev.aidp.cli.training;

import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.JobJson;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.output.LogText;
import dev.aidp.cli.output.Streams;
import dev.aidp.cli.output.Table;
import dev.aidp.core.job.Execution;
import dev.aidp.core.job.Job;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogEntry;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.job.Usage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Runs the usual commands without a database, while the launcher has the JVM record what a start
/// needs (`-Daidp.training=true`).
public final class Training {
  private static final String[][] COMMANDS = {
    {"exec", "--", "true"},
    {"prompt", "--provider", "demo", "hello"},
    {"jobs", "list"},
    {"jobs", "list", "--json"},
    {"jobs", "show", "1"},
    {"jobs", "result", "1"},
    {"jobs", "logs", "1"},
    {"jobs", "wait", "1"},
    {"workers"},
    {"status"},
    {"execute"},
    {"jobs", "--help"},
    {"frobnicate"},
  };

  private Training() {}

  /// The program, as [dev.aidp.cli.Main#run].
  @FunctionalInterface
  public interface Program {
    int run(String[] arguments, Streams streams, Map<String, String> environment, Path directory);
  }

  /// Leaves nothing behind.
  public static void run(Program program) {
    Streams streams =
        Streams.piped(
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            OutputStream.nullOutputStream());
    try (SilentDatabase database = new SilentDatabase()) {
      Path directory = Files.createTempDirectory("aidp-training");
      try {
        Map<String, String> environment =
            Map.of(
                "AIDP_DATABASE_URL", database.url(),
                "AIDP_HOME", directory.resolve("home").toString(),
                "XDG_CONFIG_HOME", directory.resolve("config").toString(),
                "AIDP_AUTO_WORKER", "0",
                "PATH", "/usr/bin:/bin");
        for (String[] command : COMMANDS) {
          program.run(command, streams, environment, directory);
        }
        print(new Console(streams, environment));
      } finally {
        delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What commands print once the database has answered.
  private static void print(Console console) {
    Instant now = Instant.now();
    Job job =
        new Job(
            1,
            "name",
            new UUID(1, 2),
            null,
            "demo",
            null,
            JobStatus.COMPLETED,
            null,
            0,
            1,
            3,
            0,
            "prompt",
            "/",
            "host",
            now,
            now,
            now,
            Duration.ofSeconds(1),
            null,
            null,
            0,
            null,
            "ok",
            null,
            Usage.NONE,
            null,
            false,
            "{}",
            null,
            null);
    Execution execution =
        new Execution(
            1,
            1,
            1,
            JobStatus.COMPLETED,
            1L,
            "host",
            1,
            now,
            now,
            Duration.ofSeconds(1),
            0,
            null,
            null,
            null,
            Usage.NONE,
            null,
            false,
            "ok");
    Json.print(console, JobJson.job(job, List.of(execution)));
    LogEntry entry =
        new LogEntry(1, 1, 1, now, LogLevel.INFO, LogCategory.NODE, "line", "{\"a\": 1}");
    Json.printLine(console, JobJson.logEntry(entry));
    console.out().println(LogText.progress(entry));
    Table table = new Table(console, "ID");
    table.row().add(job.id());
    table.print();
  }

  private static void delete(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path visited, @org.jspecify.annotations.Nullable IOException failure)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
