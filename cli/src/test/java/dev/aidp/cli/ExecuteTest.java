package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.Cli.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ExecuteTest {
  private final Cli cli;

  ExecuteTest(@TempDir Path directory) {
    cli = new Cli(directory);
  }

  @BeforeEach
  void chooseDemo() {
    cli.with("AIDP_PROVIDER", "demo");
  }

  @AfterEach
  void close() {
    cli.close();
  }

  private JsonNode show(long id) {
    return JsonMapper.shared().readTree(cli.run("jobs", "show", id + "", "--json").out());
  }

  @Test
  void listsAllSteps() {
    cli.run("execute", "next");
    assertThat(cli.run("execute").out())
        .isEqualTo(
            """
            1\tprd\tqueued\t1\t
            2\tnfrs\t\t\tdocs/nfrs.md
            3\tarchitecture\t\t\tdocs/architecture.md
            4\tadrs\tnot available in this version\t\t
            5\tdomains\tnot available in this version\t\t
            6\tcontracts\tnot available in this version\t\t
            7\tthreat-model\tnot available in this version\t\t
            8\ttest-plan\tnot available in this version\t\t
            9\ttasks\tnot available in this version\t\t
            10\tscaffolding\tnot available in this version\t\t
            11\timplementation\tnot available in this version\t\t
            12\tstatic-analysis\tnot available in this version\t\t
            13\tobservability\tnot available in this version\t\t
            14\tdelivery\tnot available in this version\t\t
            15\tdocs-portal\tnot available in this version\t\t
            16\tpost-release\tnot available in this version\t\t
            """);
    JsonNode steps = JsonMapper.shared().readTree(cli.run("execute", "--json").out());
    assertThat(steps.size()).isEqualTo(16);
    assertThat(steps.path(0).toString())
        .isEqualTo(
            """
            {"number":1,"step":"prd","description":"Product requirements","available":true,"status":"queued","reason":null,"jobId":1,"outputs":["docs/prd.md"]}\
            """);
  }

  @Test
  void queuesTheNextStepWithItsNamesAndOutputs() {
    assertThat(cli.run("execute", "next").out()).isEqualTo("1\n");
    JsonNode job = show(1);
    assertThat(job.path("name").asString()).isEqualTo("execute/prd");
    assertThat(job.path("node").asString()).isEqualTo("prd");
    assertThat(job.path("metadata").path("workflow").asString()).isEqualTo("execute");
    assertThat(job.path("metadata").path("step").asString()).isEqualTo("prd");
    cli.work();
    assertThat(cli.workspace().resolve("docs/prd.md")).isNotEmptyFile();
  }

  @Test
  void letsTheNextStepWaitForTheEarlierOne() {
    cli.run("execute", "next");
    assertThat(cli.run("execute", "next").out()).isEqualTo("2\n");
    assertThat(show(2).path("status").asString()).isEqualTo("waiting");
    assertThat(show(2).path("reason").asString()).isEqualTo("needs prd");
    cli.work();
    assertThat(show(2).path("status").asString()).isEqualTo("completed");
  }

  @Test
  void retriesAStepThatCameToNothing() {
    cli.run("execute", "next");
    cli.run("jobs", "cancel", "1");
    assertThat(cli.run("execute", "next").out()).isEqualTo("1\n");
    assertThat(show(1).path("status").asString()).isEqualTo("queued");
  }

  @Test
  void endsWith4WhenNothingIsLeft() {
    assertThat(cli.run("execute", "all").out()).isEqualTo("1\n2\n3\n");
    assertThat(show(3).path("reason").asString()).isEqualTo("needs nfrs");
    cli.work();
    assertThat(show(3).path("status").asString()).isEqualTo("completed");
    String message =
        "aidp: The workflow execute has no step left to queue; the later ones are not available in this version\n  See `aidp execute`\n";
    assertThat(cli.run("execute", "next")).isEqualTo(new Result(4, "", message));
    assertThat(cli.run("execute", "all")).isEqualTo(new Result(4, "", message));
  }

  @Test
  void takesAStepByNameNumberOrBeginning() {
    assertThat(cli.run("execute", "arch").exitCode()).isZero();
    assertThat(cli.run("execute", "2").exitCode()).isZero();
    assertThat(show(1).path("node").asString()).isEqualTo("architecture");
    assertThat(show(2).path("node").asString()).isEqualTo("nfrs");
    assertThat(cli.run("execute", "nfrs"))
        .isEqualTo(
            new Result(
                4,
                "",
                "aidp: The step nfrs is queued already, as job 2\n  Type `aidp jobs wait 2`\n2 queued, no worker\n"));
    assertThat(cli.run("execute", "tasks").exitCode()).isEqualTo(4);
    assertThat(cli.run("execute", "nonsense").exitCode()).isEqualTo(4);
    assertThat(cli.run("execute", "t").exitCode()).isEqualTo(2);
    assertThat(cli.run("execute", "prd", "nfrs").exitCode()).isEqualTo(2);
  }

  @Test
  void runsAStepAgainAsAJobOfItsOwn() {
    cli.run("execute", "prd");
    cli.work();
    assertThat(cli.run("execute", "prd").out()).isEqualTo("2\n");
  }

  @Test
  void tellsTheAgentWhatTheProjectIs() throws Exception {
    Files.createDirectories(cli.workspace().resolve(".git"));
    cli.write("workspace/.git/HEAD", "ref: refs/heads/feature/x\n");
    cli.write(
        "workspace/.git/config",
        "[remote \"origin\"]\n\turl = https://user:secret@example.com/shop.git\n");
    cli.write("workspace/README.md", "A shop for screws. " + "x".repeat(10_000));
    cli.write("workspace/pom.xml", "<project/>");
    cli.run("execute", "all");
    String prd = show(1).path("prompt").asString();
    assertThat(prd)
        .startsWith("# Your task: the product requirements")
        .contains("- Name: workspace\n")
        .contains("- Build files: pom.xml\n")
        .contains("- Git branch: feature/x\n")
        .contains("- Git remote: https://example.com/shop.git\n")
        .contains("A shop for screws.")
        .contains("# Files to write\n\n- docs/prd.md\n");
    assertThat(prd).hasSizeLessThan(12_000);
  }

  @Test
  void handsOnWhatEarlierStepsHaveWritten() {
    cli.run("execute", "next");
    cli.work();
    cli.write("workspace/docs/prd.md", "FR-1: sells screws");
    cli.run("execute", "next");
    assertThat(show(2).path("prompt").asString())
        .contains("`docs/prd.md`:\n\n~~~~\nFR-1: sells screws\n~~~~\n");
  }

  @Test
  void keepsTheProgressOfEachWorkspaceByItself() {
    cli.run("execute", "next");
    Path other = cli.write("other/file", "").getParent();
    assertThat(cli.run("execute", "next", "--workspace", String.valueOf(other)).out())
        .isEqualTo("2\n");
    assertThat(show(2).path("node").asString()).isEqualTo("prd");
  }

  @Test
  void sharesTheProgressOfAWorkspaceThatHasAName() {
    cli.write("workspace/aidp.yml", "workspace: shop\n");
    Path other = cli.write("other/aidp.yml", "workspace: shop\n").getParent();
    cli.run("execute", "next");
    cli.run("execute", "next", "--workspace", String.valueOf(other));
    assertThat(show(2).path("node").asString()).isEqualTo("nfrs");
  }
}
