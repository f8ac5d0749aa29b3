package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.Cli.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A whole pass of both workflows, as a user would go through it.
final class WorkflowPassTest {
  private final Cli cli;

  WorkflowPassTest(@TempDir Path directory) {
    cli = new Cli(directory);
    cli.with("AIDP_PROVIDER", "demo");
  }

  @AfterEach
  void close() {
    cli.close();
  }

  private void pass(String... arguments) {
    Result result = cli.run(arguments);
    assertThat(result.exitCode()).as(String.join(" ", arguments) + result.err()).isZero();
    cli.work();
  }

  private JsonNode steps(String workflow) {
    return JsonMapper.shared().readTree(cli.run(workflow, "--json").out());
  }

  private void assertDone(String workflow) {
    for (JsonNode step : steps(workflow)) {
      String name = step.path("step").asString();
      assertThat(step.path("status").asString()).as(name).isEqualTo("completed");
      assertThat(step.path("approval").asString("approved")).as(name).isEqualTo("approved");
      step.path("outputs")
          .forEach(output ->
              assertThat(cli.workspace().resolve(output.asString())).as(name).isNotEmptyFile());
    }
    assertThat(cli.run(workflow, "next").exitCode()).isEqualTo(4);
  }

  @Test
  void goesFromTheFirstStepToTheLast() {
    pass("execute", "all");
    pass("approve", "prd");
    pass("execute", "all");
    pass("reject", "execute", "architecture", "--comment", "Draw it");
    pass("approve", "execute", "architecture");
    pass("execute", "all");
    pass("approve", "tasks");
    pass("execute", "next");
    pass("execute", "next");
    pass("approve", "implementation");
    pass("execute", "all");
    assertDone("execute");
    pass("analyze", "all");
    assertDone("analyze");

    assertThat(cli.query("select count(*) from aidp.jobs where status = 'completed'"))
        .isEqualTo("24");
    assertThat(
            cli.query(
                "select string_agg(concat(job_id, ' ', answer), ', ' order by job_id) from aidp.approvals"))
        .isEqualTo("1 approved, 3 rejected, 4 approved, 10 approved, 12 approved");
    assertThat(cli.workspace().resolve("docs/architecture.md")).content().contains("> Draw it");
    assertThat(artifacts()).hasSize(24);
    assertThat(cli.run("status").out())
        .startsWith(
            """
            Workflows
              execute  16 of 16  ✔✔✔✔✔✔✔✔✔✔✔✔✔✔✔✔
              analyze   7 of 7   ✔✔✔✔✔✔✔
            """);
  }

  private List<String> artifacts() {
    List<String> files = new ArrayList<>();
    String[] runs = cli.workspace().resolve(".pipeline-runs").toFile().list();
    if (runs != null) {
      for (String run : runs) {
        if (cli.workspace().resolve(".pipeline-runs/" + run + "/metadata.json").toFile().isFile()) {
          files.add(run);
        }
      }
    }
    return files;
  }
}
