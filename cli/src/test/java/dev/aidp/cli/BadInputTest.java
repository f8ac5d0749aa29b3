package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.aidp.cli.Cli.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What comes from outside and is wrong, or too much: each a clear error or a clean recovery.
final class BadInputTest {
  private final Cli cli;
  private final Path directory;

  BadInputTest(@TempDir Path directory) {
    this.directory = directory;
    cli = new Cli(directory);
  }

  @AfterEach
  void close() {
    cli.close();
  }

  private JsonNode show(long id) {
    return JsonMapper.shared().readTree(cli.run("jobs", "show", id + "", "--json").out());
  }

  @Test
  void saysThatTheDatabaseUrlIsNone() {
    assertThat(cli.with("AIDP_DATABASE_URL", "mysql://nowhere").run("exec", "--", "true"))
        .isEqualTo(
            new Result(
                3,
                "",
                """
                aidp: AIDP_DATABASE_URL is not a PostgreSQL URL: it does not start with postgresql:// or jdbc:postgresql://
                  Set it like this: AIDP_DATABASE_URL=postgresql://user:password@db.example.com:5432/aidp
                """));
  }

  @Test
  void saysThatThePasswordIsWrongWithoutShowingIt() {
    String url = cli.database().address().toUri();
    String wrong = url.replaceFirst("//([^:@/]+)(:[^@]*)?@", "//$1:wr0ng-s3cret@");
    Result result = cli.with("AIDP_DATABASE_URL", wrong).run("exec", "--", "true");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains("refused the login", "\n  Check user and password in AIDP_DATABASE_URL\n")
        .doesNotContain("wr0ng-s3cret", "\tat ");
  }

  @Test
  void saysThatTheDatabaseIsMissing() {
    String url = cli.database().address().toUri();
    Result result =
        cli.with("AIDP_DATABASE_URL", url.replaceFirst("/[^/?]*(\\?.*)?$", "/no_such_database$1"))
            .run("exec", "--", "true");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err())
        .contains("no_such_database", "\n  Create it with `createdb`")
        .doesNotContain("\tat ");
  }

  @Test
  void storesALineOf50MegabytesCutAndGoesOn() {
    cli.run("exec", "--", "sh", "-c", "head -c 50000000 /dev/zero | tr '\\0' y; echo; echo after");
    cli.work();
    assertThat(show(1).path("status").asString()).isEqualTo("completed");
    assertThat(cli.query("select max(length(message)) < 1.1 * 1024 * 1024 from aidp.job_logs"))
        .isEqualTo("t");
    assertThat(cli.query("select count(*) from aidp.job_logs where message = 'after'"))
        .isEqualTo("1");
    assertThat(show(1).path("result").asString()).endsWith("\nafter\n");
  }

  @Test
  void runsAPromptOf5Megabytes() {
    cli.stdin("0123456789\n".repeat(500_000).getBytes(StandardCharsets.UTF_8));
    cli.run("prompt", "--provider", "demo", "-");
    cli.work();
    assertThat(show(1).path("status").asString()).isEqualTo("completed");
  }

  @Test
  void saysThatACommandLineIsTooLongForTheSystem() {
    cli.query("select aidp.enqueue('shell', 'true #' || repeat('x', 5000000))");
    cli.work();
    assertThat(show(1).path("errorClass").asString()).isEqualTo("config");
    assertThat(show(1).path("error").asString())
        .isEqualTo(
            "The command with its environment is too long for the system; put the long text into a file");
  }

  @Test
  void warnsOfArtifactsThatCannotBeWrittenAndFailsNothing() throws IOException {
    Files.writeString(cli.workspace().resolve(".pipeline-runs"), "in the way");
    Result queued = cli.run("exec", "--", "echo", "hello");
    assertThat(queued.exitCode()).isZero();
    assertThat(queued.err())
        .contains("aidp: no artifacts are written in " + cli.workspace() + ": ");
    Result worker = cli.run("worker", "--drain");
    assertThat(worker.err()).contains("no artifacts are written in " + cli.workspace() + ": ");
    assertThat(cli.run("jobs", "result", "1").out()).isEqualTo("hello\n");
  }

  @Test
  void letsTheArtifactsFollowOnceAFullDiskHasSpaceAgain() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"))) {
      disk.fill();
      Result queued =
          cli.run("exec", "--workspace", disk.path() + "", "--", "echo", "said on a full disk");
      assertThat(queued.exitCode()).isZero();
      assertThat(queued.err()).contains("no artifacts are written in ", "No space left on device");
      // The same worker makes space, and waits until the files of the first job are there.
      cli.run(
          "exec",
          "--workspace",
          disk.path() + "",
          "--timeout",
          "60s",
          "--",
          "sh",
          "-c",
          "rm fill; until grep -q 'Execution 1 completed' .pipeline-runs/"
              + show(1).path("runId").asString()
              + "/logs.jsonl; do sleep 0.1; done");
      Result worker = cli.run("worker", "--drain", "--count", "1");
      assertThat(worker.err()).contains("No space left on device");
      assertThat(show(1).path("status").asString()).isEqualTo("completed");
      assertThat(show(2).path("status").asString()).isEqualTo("completed");
      Path files = Path.of(show(1).path("artifactsDir").asString());
      assertThat(Files.readString(files.resolve("logs.txt"))).contains("said on a full disk");
      assertThat(Files.readString(files.resolve("metadata.json")))
          .contains("\"status\" : \"completed\"");
    }
  }

  @Test
  void saysThatTheDiskOfItsHomeIsFull() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"))) {
      disk.fill();
      Result result = cli.with("AIDP_HOME", disk.path() + "").run("exec", "--", "true");
      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.err())
          .contains("No space left on device", "\n  ")
          .doesNotContain("\tat ", "Exception");
      assertThat(cli.query("select count(*) from aidp.jobs")).isEqualTo("0");
    }
  }

  /// A file system of 64 KiB. Mounting one takes root.
  private record SmallDisk(Path path) implements AutoCloseable {

    static SmallDisk mount(Path path) throws IOException {
      Files.createDirectories(path);
      assumeTrue(
          run("mount", "-t", "tmpfs", "-o", "size=64k,nr_inodes=500", "tmpfs", path.toString()),
          "SKIPPED: a full disk can be had only where tmpfs may be mounted (as root)");
      return new SmallDisk(path.toRealPath());
    }

    void fill() throws IOException {
      Path file = path.resolve("fill");
      byte[] page = new byte[4096];
      try (var out = Files.newOutputStream(file)) {
        for (int i = 0; i < 100; i++) {
          out.write(page);
        }
        throw new AssertionError("the disk is larger than it should be");
      } catch (IOException expected) {
        try (Stream<Path> files = Files.list(path)) {
          assertThat(files).contains(file);
        }
      }
    }

    private static boolean run(String... command) {
      try {
        Process process =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
      } catch (IOException e) {
        return false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    @Override
    public void close() {
      assertThat(run("umount", "-l", path.toString())).isTrue();
    }
  }
}
