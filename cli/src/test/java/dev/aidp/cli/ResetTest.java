package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.Cli.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResetTest {
  private final Cli cli;

  ResetTest(@TempDir Path directory) {
    cli = new Cli(directory);
  }

  @BeforeEach
  void begin() {
    cli.with("AIDP_PROVIDER", "demo");
    cli.run("analyze", "next");
    cli.run("analyze", "next");
    cli.run("execute", "next");
    cli.work();
  }

  @AfterEach
  void close() {
    cli.close();
  }

  private String begun(String workflow) {
    StringBuilder begun = new StringBuilder();
    cli.run(workflow)
        .out()
        .lines()
        .map(line -> line.split("\t", -1))
        .filter(cells -> !cells[3].isEmpty())
        .forEach(cells -> begun.append(cells[1]).append(':').append(cells[3]).append(' '));
    return begun.toString().strip();
  }

  @Test
  void forgetsBothWorkflowsAndKeepsTheJobs() {
    assertThat(cli.run("reset")).isEqualTo(new Result(0, "", "Forgot the progress of 3 steps\n"));
    assertThat(begun("analyze") + begun("execute")).isEmpty();
    assertThat(cli.query("select count(*) from aidp.jobs where status = 'completed'"))
        .isEqualTo("3");
    assertThat(cli.run("analyze", "next").out()).isEqualTo("4\n");
    assertThat(begun("analyze")).isEqualTo("repository:4");
    assertThat(cli.run("reset").err()).startsWith("Forgot the progress of 1 step\n");
    assertThat(cli.run("reset").err()).startsWith("There was no progress to forget\n");
  }

  @Test
  void forgetsOneWorkflow() {
    assertThat(cli.run("reset", "analyze", "--json").out())
        .isEqualTo(
            """
            [{"workflow":"analyze","step":"repository","jobId":1},{"workflow":"analyze","step":"architecture","jobId":2}]
            """);
    assertThat(begun("analyze")).isEmpty();
    assertThat(begun("execute")).isEqualTo("prd:3");
  }

  @Test
  void forgetsOneStep() {
    cli.run("reset", "analyze", "1");
    assertThat(begun("analyze")).isEqualTo("architecture:2");
    assertThat(cli.run("analyze", "next").out()).isEqualTo("4\n");
    assertThat(begun("analyze")).isEqualTo("repository:4 architecture:2");
    cli.run("reset", "prd");
    assertThat(begun("execute")).isEmpty();
  }

  @Test
  void namesTheCandidatesWhereAWordIsAmbiguous() {
    assertThat(cli.run("reset", "arch"))
        .isEqualTo(
            new Result(
                2,
                "",
                """
                aidp: 'arch' can be several steps
                  Type one of: aidp reset execute architecture, aidp reset analyze architecture
                  Type `aidp reset --help` for usage
                """));
    assertThat(cli.run("reset", "nothing").exitCode()).isEqualTo(4);
    assertThat(cli.run("reset", "1").exitCode()).isEqualTo(4);
    assertThat(cli.run("reset", "exec", "prd").exitCode()).isEqualTo(2);
  }

  @Test
  void saysThatAJobGoesOn() {
    cli.run("analyze", "next");
    assertThat(cli.run("reset", "analyze", "tests").err())
        .startsWith(
            """
            Forgot the progress of 1 step
            aidp: job 4 of tests is queued and goes on
              To stop it: aidp jobs cancel 4
            """);
  }

  @Test
  void concernsOneWorkspaceOnly() {
    Path other = cli.write("other/file", "").getParent();
    cli.run("execute", "next", "--workspace", String.valueOf(other));
    cli.run("reset", "--workspace", String.valueOf(other));
    assertThat(begun("execute")).isEqualTo("prd:3");
  }
}
