package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.Cli.Result;
import dev.aidp.cli.pipeline.PipelineCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ValidateTest {
  private static final String VALID =
      """
      name: notes
      description: Writes notes
      nodes:
        - {id: a, type: task, command: date}
        - {id: b, type: gate, command: "test -n {{a}}"}
      """;

  private final Cli cli;

  ValidateTest(@TempDir Path directory) {
    cli = new Cli(directory);
  }

  @AfterEach
  void close() {
    cli.close();
  }

  @Test
  void aValidPipelineIsFoundByFileDirectoryAndName() {
    cli.write("workspace/ci/notes/pipeline.yml", VALID);

    for (String argument :
        new String[] {"ci/notes/pipeline.yml", "ci/notes", "ci/notes/", "notes"}) {
      assertThat(cli.run("validate", argument))
          .isEqualTo(new Result(0, "", "ci/notes/pipeline.yml is valid: 2 nodes\n"));
    }
  }

  @Test
  void everyProblemIsALineOnStdout() {
    cli.write("workspace/my.yaml", "name: x\nnodes:\n  - id: a\n    type: task\n    comand: ls\n");

    assertThat(cli.run("validate", "my.yaml"))
        .isEqualTo(
            new Result(
                2,
                """
                my.yaml:3:5: a task ('a') needs 'command'; write the command that it runs
                my.yaml:5:5: unknown key 'comand' of a task ('a'); did you mean 'command'?
                """,
                "aidp: my.yaml is not valid: 2 problems\n"));
  }

  @Test
  void jsonHasThePlaces() {
    cli.write("workspace/p/pipeline.yaml", "nodes: 3\n");

    Result result = cli.run("validate", "p", "--json");

    JsonNode json = JsonMapper.shared().readTree(result.out());
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(json.get("file").asString())
        .isEqualTo(cli.workspace().resolve("p/pipeline.yaml").toString());
    assertThat(json.get("name").asString()).isEqualTo("p");
    assertThat(json.get("valid").asBoolean()).isFalse();
    assertThat(json.get("problems").toString())
        .isEqualTo(
            "[{\"line\":1,\"column\":8,\"message\":\"'nodes' must be a list\","
                + "\"remedy\":\"begin each node with - id: NAME\"}]");
  }

  @Test
  void whatIsNotThereIsNotFound() {
    cli.write("workspace/a/pipeline.yaml", VALID);
    cli.write("workspace/empty/x", "");

    assertThat(cli.run("validate", "nots"))
        .isEqualTo(
            new Result(
                4,
                "",
                """
                aidp: There is no pipeline nots: no such file, and none of that name below here
                  Found here: notes
                """));
    assertThat(cli.run("validate", "empty").exitCode()).isEqualTo(4);
    assertThat(cli.run("validate", "").exitCode()).isEqualTo(4);
    assertThat(cli.run("validate").exitCode()).isEqualTo(2);
  }

  @Test
  void aNameOfSeveralIsAmbiguous() {
    cli.write("workspace/a/pipeline.yaml", VALID);
    cli.write("workspace/b/pipeline.yaml", VALID);

    assertThat(cli.run("validate", "notes"))
        .isEqualTo(
            new Result(
                2,
                "",
                """
                aidp: Several pipelines are called notes
                  Name its file: a/pipeline.yaml, b/pipeline.yaml
                """));
  }

  @Test
  void copiesAndBuildsAreNotLookedInto() throws IOException {
    for (String skipped :
        new String[] {"node_modules", ".git", "dist", "target", ".aidp", ".pipeline-runs"}) {
      cli.write("workspace/sub/" + skipped + "/x/pipeline.yaml", VALID);
    }
    cli.write("workspace/sub/distant/pipeline.yaml", VALID);
    cli.write("workspace/broken/pipeline.yaml", "nodes: []\n");
    Files.createSymbolicLink(cli.workspace().resolve("loop"), cli.workspace());

    assertThat(new PipelineCatalog(cli.workspace()).find())
        .extracting(found -> found.name() + " " + found.description() + " " + found.problem())
        .containsExactly(
            "broken null broken/pipeline.yaml:1:8: 'nodes' is empty; write a node: - id: NAME",
            "notes Writes notes null");
  }

  @Test
  void whatIsNoTextIsAProblemOfTheFile() throws IOException {
    Files.write(cli.workspace().resolve("latin.yaml"), new byte[] {'a', '\n', 'b', (byte) 0xE4});
    Files.write(cli.workspace().resolve("big.yaml"), new byte[10 << 20]);

    assertThat(cli.run("validate", "latin.yaml").out())
        .isEqualTo("latin.yaml:2:2: this is not UTF-8; save the file as UTF-8\n");
    Result big = cli.run("validate", "big.yaml");
    assertThat(big.exitCode()).isEqualTo(2);
    assertThat(big.out()).startsWith("big.yaml:1:1: the file is larger than 1 MiB");
    assertThat(cli.run("validate", "/dev/null").out()).contains("the file is empty");
  }

  @Test
  void terminalEscapesOfAFileStayHarmless() {
    cli.write("workspace/x.yaml", "\"\\e[31mred\": 1\nnodes: []\n");

    assertThat(cli.run("validate", "x.yaml").out()).doesNotContain("\u001b").contains("␛[31mred");
  }
}
