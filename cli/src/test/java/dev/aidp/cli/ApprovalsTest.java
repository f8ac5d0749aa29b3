package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.Cli.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Approvals of the steps of workflows.
final class ApprovalsTest {
  private static final String ASKED =
      """
      aidp: The step prd waits for your approval
        Read docs/prd.md, then type `aidp approve execute prd`, or `aidp reject execute prd --comment TEXT`
      """;

  private final Cli cli;

  ApprovalsTest(@TempDir Path directory) {
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

  private String status(long id) {
    return show(id).path("status").asString();
  }

  private void completePrd() {
    cli.run("execute", "next");
    cli.work();
  }

  @Test
  void nextEndsWith4WhileAnApprovalIsUnanswered() {
    completePrd();
    assertThat(cli.run("execute", "next")).isEqualTo(new Result(4, "", ASKED));
    assertThat(cli.run("execute", "all")).isEqualTo(new Result(4, "", ASKED));
    assertThat(cli.run("execute").out())
        .startsWith("1\tprd\tcompleted\t1\tapproval: aidp approve execute prd\n");
    assertThat(cli.run("approve", "execute", "prd"))
        .isEqualTo(new Result(0, "", "Approved execute prd; go on with: aidp execute next\n"));
    assertThat(cli.run("execute").out()).startsWith("1\tprd\tcompleted\t1\tdocs/prd.md\n");
    assertThat(cli.run("execute", "next").out()).isEqualTo("2\n");
    assertThat(status(2)).isEqualTo("queued");
  }

  @Test
  void allQueuesUpToAndIncludingTheStepBeforeTheNextApproval() {
    assertThat(cli.run("execute", "all").out()).isEqualTo("1\n");
    Result underWay = cli.run("execute", "all");
    assertThat(underWay.exitCode()).isEqualTo(4);
    assertThat(underWay.err())
        .startsWith(
            """
            aidp: The step prd is under way, and what comes after it needs your approval
              Type `aidp jobs wait 1`, then `aidp approve execute prd`
            """);
    cli.work();
    cli.run("approve", "prd");
    assertThat(cli.run("execute", "all", "--json").out()).isEqualTo("{\"jobIds\":[2,3]}\n");
    cli.work();
    cli.run("approve", "execute", "3");
    assertThat(cli.run("execute", "all").out()).isEqualTo("4\n5\n6\n7\n8\n9\n");
  }

  @Test
  void whatIsQueuedBeforeTheApprovalWaitsForIt() {
    cli.run("execute", "next");
    cli.run("execute", "next");
    cli.work();
    assertThat(status(2)).isEqualTo("waiting");
    assertThat(show(2).path("reason").asString())
        .isEqualTo("needs prd, approval of prd (aidp approve execute prd)");
    cli.run("approve", "1", "--comment", "fine");
    assertThat(status(2)).isEqualTo("queued");
    assertThat(cli.query("select concat_ws('|', round, answer, comment) from aidp.approvals"))
        .isEqualTo("1|approved|fine");
  }

  @Test
  void rejectRunsTheStepAgainWithTheCommentAndTheAnswers() {
    completePrd();
    cli.write("workspace/docs/prd.questions.md", "1. Who pays?\nAnswer: the shop owner\n");
    Result rejected = cli.run("reject", "execute", "prd", "--comment", "Say who \"pays\"; $HOME");
    assertThat(rejected.exitCode()).isZero();
    assertThat(rejected.out()).isEqualTo("2\n");
    assertThat(show(2).path("name").asString()).isEqualTo("execute/prd");
    assertThat(show(2).path("prompt").asString())
        .contains("# Your last result was rejected\n", "\n> Say who \"pays\"; $HOME\n")
        .contains("Answer: the shop owner");
    assertThat(status(1)).isEqualTo("completed");
    cli.work();
    assertThat(cli.run("execute", "next").exitCode()).isEqualTo(4);
    cli.run("approve", "prd");
    assertThat(cli.run("execute", "next").out()).isEqualTo("3\n");
  }

  @Test
  void whatWaitsForARejectedResultWaitsForTheNewOne() {
    cli.run("execute", "next");
    cli.run("execute", "next");
    cli.work();
    assertThat(cli.run("reject", "1").out()).isEqualTo("3\n");
    cli.work();
    assertThat(status(3)).isEqualTo("completed");
    assertThat(status(2)).isEqualTo("waiting");
    cli.run("approve", "execute", "prd");
    cli.work();
    assertThat(status(2)).isEqualTo("completed");
  }

  @Test
  void rejectsMoreThanOnce() {
    completePrd();
    for (long id = 2; id <= 4; id++) {
      assertThat(cli.run("reject", "prd", "--comment", "no " + id).out()).isEqualTo(id + "\n");
      cli.work();
      assertThat(show(id).path("prompt").asString()).contains("> no " + id + "\n");
    }
    assertThat(cli.run("approve", "prd").exitCode()).isZero();
  }

  @Test
  void refusesWhatIsNotToBeAnswered() {
    assertThat(cli.run("approve", "prd").err()).startsWith("aidp: The step prd is not completed\n");
    cli.run("execute", "next");
    assertThat(cli.run("reject", "prd").err())
        .startsWith("aidp: The step prd is not completed, but queued\n");
    cli.work();
    assertThat(cli.run("approve", "nfrs").err())
        .startsWith("aidp: The step nfrs asks for no approval\n");
    cli.run("approve", "prd");
    assertThat(cli.run("approve", "prd"))
        .isEqualTo(
            new Result(
                4,
                "",
                """
                aidp: The step prd is approved already
                  Type `aidp execute next` to go on
                """));
    assertThat(cli.run("approve", "99").exitCode()).isEqualTo(4);
    cli.run("exec", "--", "true");
    assertThat(cli.run("approve", "2").err()).startsWith("aidp: Job 2 asks for no approval\n");
  }

  @Test
  void namesTheCandidatesOfAnAmbiguousWord() {
    assertThat(cli.run("approve", "architecture"))
        .isEqualTo(
            new Result(
                2,
                "",
                """
                aidp: 'architecture' can be several steps
                  Type one of: aidp approve execute architecture, aidp approve analyze architecture
                  Type `aidp approve --help` for usage
                """));
    assertThat(cli.run("approve", "execute", "t").exitCode()).isEqualTo(2);
    assertThat(cli.run("approve").exitCode()).isEqualTo(2);
    assertThat(cli.run("approve", "execute").exitCode()).isEqualTo(2);
    assertThat(cli.run("reject", "build", "prd").exitCode()).isEqualTo(2);
  }

  @Test
  void aWrongOptionRejectsNothing() {
    completePrd();
    assertThat(cli.run("reject", "prd", "--key", "k").exitCode()).isEqualTo(2);
    assertThat(cli.run("execute", "next")).isEqualTo(new Result(4, "", ASKED));
  }

  @Test
  void anOlderJobOfAStepCanNotBeAnswered() {
    completePrd();
    cli.run("execute", "prd");
    cli.work();
    Result old = cli.run("approve", "1");
    assertThat(old.exitCode()).isEqualTo(4);
    assertThat(old.err()).startsWith("aidp: Job 1 is not the latest of the step prd; job 2 is\n");
    assertThat(cli.run("approve", "2").exitCode()).isZero();
  }

  @Test
  void aProjectMayDoWithoutApprovals() {
    cli.write("workspace/aidp.yml", "workflow: {approvals: [nfrs]}\n");
    completePrd();
    assertThat(cli.run("execute", "all").out()).isEqualTo("2\n");
    cli.work();
    assertThat(cli.run("execute", "next").exitCode()).isEqualTo(4);
    cli.run("approve", "nfrs");
    assertThat(cli.run("execute", "all").out().lines()).hasSize(14);
  }

  @Test
  void forgettingAStepForgetsItsApproval() {
    completePrd();
    cli.run("reset", "prd");
    assertThat(cli.run("execute", "next").out()).isEqualTo("2\n");
  }

  @Test
  void showsWhatWaitsForAnAnswer() {
    completePrd();
    assertThat(cli.run("status").out())
        .startsWith(
            """
            Workflows
              execute   0 of 16  ◌···············
                ◌ 1        prd                  approval: aidp approve execute prd
            """);
    JsonNode prd = JsonMapper.shared().readTree(cli.run("execute", "--json").out()).path(0);
    assertThat(prd.path("approval").asString()).isEqualTo("asked");
  }
}
