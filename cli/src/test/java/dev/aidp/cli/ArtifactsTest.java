package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The files of a job say what the database says, whoever changed it.
final class ArtifactsTest {
  private final Cli cli;

  ArtifactsTest(@TempDir Path directory) {
    cli = new Cli(directory);
  }

  @AfterEach
  void close() {
    cli.close();
  }

  private JsonNode show(long id) {
    return JsonMapper.shared().readTree(cli.run("jobs", "show", id + "", "--json").out());
  }

  private String statusInFiles(long id) throws IOException {
    Path file = Path.of(show(id).path("artifactsDir").asString()).resolve("metadata.json");
    return JsonMapper.shared().readTree(Files.readString(file)).path("status").asString();
  }

  @Test
  void followACommandThatNoWorkerHasAPartIn() throws Exception {
    cli.run("exec", "--delay", "1h", "--", "false");
    assertThat(statusInFiles(1)).isEqualTo("waiting");
    assertThat(cli.run("jobs", "cancel", "1").exitCode()).isZero();
    assertThat(statusInFiles(1)).isEqualTo("interrupted");
    cli.run("jobs", "retry", "1");
    assertThat(statusInFiles(1)).isEqualTo("queued");
  }

  @Test
  void followTheCancelOfWhatAJobNeeds() throws Exception {
    cli.with("AIDP_PROVIDER", "demo");
    cli.run("execute", "next");
    cli.run("execute", "next");
    assertThat(statusInFiles(2)).isEqualTo("waiting");
    cli.run("jobs", "cancel", "1");
    assertThat(show(2).path("reason").asString()).isEqualTo("needs prd (interrupted)");
    assertThat(statusInFiles(2)).isEqualTo("interrupted");
  }

  @Test
  void followTheFailureOfWhatAJobNeeds() throws Exception {
    cli.with("AIDP_PROVIDER", "demo");
    cli.run("execute", "next", "--timeout", "1ms");
    cli.run("execute", "next");
    cli.work();
    assertThat(show(1).path("errorClass").asString()).isEqualTo("timeout");
    assertThat(show(2).path("reason").asString()).isEqualTo("needs prd (failed)");
    assertThat(statusInFiles(2)).isEqualTo("interrupted");
  }
}
