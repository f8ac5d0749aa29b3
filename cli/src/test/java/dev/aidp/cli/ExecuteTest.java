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
            4\tadrs\t\t\tdocs/adr/README.md
            5\tdomains\t\t\tdocs/domains.md
            6\tcontracts\t\t\tdocs/contracts.md
            7\tthreat-model\t\t\tdocs/threat-model.md
            8\ttest-plan\t\t\tdocs/test-plan.md
            9\ttasks\t\t\tdocs/tasks.md
            10\tscaffolding\t\t\tdocs/scaffolding.md
            11\timplementation\t\t\tdocs/implementation.md
            12\tstatic-analysis\t\t\tdocs/static-analysis.md
            13\tobservability\t\t\tdocs/observability.md
            14\tdelivery\t\t\tdocs/delivery.md
            15\tdocs-portal\t\t\tdocs/index.md
            16\tpost-release\t\t\tdocs/post-release.md
            """);
    JsonNode steps = JsonMapper.shared().readTree(cli.run("execute", "--json").out());
    assertThat(steps.size()).isEqualTo(16);
    assertThat(steps.path(0).toString())
        .isEqualTo(
            """
            {"number":1,"step":"prd","description":"Product requirements","status":"queued","reason":null,"error":null,"approval":"pending","jobId":1,"template":null,"outputs":["docs/prd.md"]}\
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
    assertThat(show(2).path("reason").asString())
        .isEqualTo("needs prd, approval of prd (aidp approve execute prd)");
    cli.work();
    assertThat(show(2).path("status").asString()).isEqualTo("waiting");
    cli.run("approve", "prd");
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
    assertThat(cli.run("analyze", "all").out()).isEqualTo("1\n2\n3\n4\n5\n6\n7\n");
    assertThat(show(3).path("reason").asString()).isEqualTo("needs architecture");
    cli.work();
    assertThat(show(7).path("status").asString()).isEqualTo("completed");
    assertThat(cli.workspace().resolve("docs/analysis/refactoring.md")).isNotEmptyFile();
    String message =
        """
        aidp: The workflow analyze has no step left to queue
          See `aidp analyze`; `aidp analyze STEP` runs a step again
        """;
    assertThat(cli.run("analyze", "next")).isEqualTo(new Result(4, "", message));
    assertThat(cli.run("analyze", "all")).isEqualTo(new Result(4, "", message));
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
    assertThat(cli.run("execute", "nonsense").exitCode()).isEqualTo(4);
    assertThat(cli.run("execute", "17").exitCode()).isEqualTo(4);
    Result ambiguous = cli.run("execute", "t");
    assertThat(ambiguous.exitCode()).isEqualTo(2);
    assertThat(ambiguous.err()).contains("Name one of threat-model, test-plan, tasks");
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
    cli.run("execute", "next");
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
  void quotesWhatAStepBuildsOnAndNamesTheRest() {
    cli.write("workspace/docs/prd.md", "FR-1: sells screws");
    cli.write("workspace/docs/architecture.md", "One shop. " + "y".repeat(30_000));
    cli.write("workspace/docs/adr/README.md", "ADR list");
    cli.run("execute", "domains");
    String prompt = show(1).path("prompt").asString();
    assertThat(prompt)
        .contains("`docs/prd.md`:\n\n~~~~\nFR-1: sells screws\n~~~~\n")
        .contains("`docs/architecture.md` (its beginning; read the rest yourself)")
        .contains("- `docs/adr/README.md`: Architecture decision records\n")
        .doesNotContain("ADR list");
    assertThat(prompt).hasSizeLessThan(20_000);
  }

  @Test
  void handsTheQuestionsFileToTheNextRun() {
    cli.run("execute", "prd");
    assertThat(show(1).path("prompt").asString()).contains("`docs/prd.questions.md`");
    cli.work();
    cli.write("workspace/docs/prd.questions.md", "1. Who pays?\nAnswer: the shop owner\n");
    cli.run("execute", "prd");
    assertThat(show(2).path("prompt").asString()).contains("Answer: the shop owner");
  }

  @Test
  void refusesToGiveAPromptToAShell() {
    assertThat(cli.run("execute", "next", "--provider", "shell"))
        .isEqualTo(
            new Result(
                2,
                "",
                """
                aidp: a step needs an agent, and shell is none
                  Choose one with --provider; `aidp detect` shows what there is
                  Type `aidp execute --help` for usage
                """));
  }

  @Test
  void failsAStepThatDidNotWriteItsOutputs() {
    Path claude =
        cli.write(
            "claude",
            """
            #!/bin/sh
            cat > /dev/null
            echo '{"type":"system","subtype":"init","session_id":"s-1","tools":[],"model":"m"}'
            echo '{"type":"result","subtype":"success","is_error":false,"result":"All written.","session_id":"s-1","usage":{"input_tokens":1,"output_tokens":1}}'
            """);
    cli.with("AIDP_CLAUDE_CMD", "sh " + claude);
    cli.run("execute", "next", "--provider", "claude");
    cli.work();
    JsonNode job = show(1);
    assertThat(job.path("status").asString()).isEqualTo("failed");
    assertThat(job.path("errorClass").asString()).isEqualTo("unknown");
    assertThat(job.path("error").asString()).isEqualTo("did not write docs/prd.md");
    assertThat(job.path("result").asString()).isEqualTo("All written.");
    assertThat(cli.run("execute").out())
        .startsWith("1\tprd\tfailed\t1\tdid not write docs/prd.md\n");
    cli.write("workspace/docs/prd.md", "FR-1");
    assertThat(cli.run("execute", "next", "--provider", "claude").out()).isEqualTo("1\n");
    cli.work();
    assertThat(show(1).path("status").asString()).isEqualTo("completed");
  }

  @Test
  void handsOnWhatEarlierStepsHaveWritten() {
    cli.run("execute", "next");
    cli.work();
    cli.write("workspace/docs/prd.md", "FR-1: sells screws");
    cli.run("approve", "prd");
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
