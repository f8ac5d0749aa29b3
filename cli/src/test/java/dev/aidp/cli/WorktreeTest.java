package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.Cli.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class WorktreeTest {
  private final Cli cli;

  WorktreeTest(@TempDir Path directory) {
    cli = new Cli(directory);
  }

  @AfterEach
  void close() {
    cli.close();
  }

  private String git(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("git", "-c", "user.name=x", "-c", "user.email=x@example.com"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(cli.workspace().toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private void repository() throws Exception {
    git("init", "--quiet");
    cli.write("workspace/file.txt", "one\n");
    git("add", ".");
    git("commit", "--quiet", "-m", "first");
  }

  private JsonNode show(String id) {
    return JsonMapper.shared().readTree(cli.run("jobs", "show", id.strip(), "--json").out());
  }

  @Test
  void whatAJobChangesIsInItsWorktree() throws Exception {
    repository();
    String id = cli.run("exec", "--worktree", "--", "sh", "-c", "pwd; echo two > file.txt").out();
    String plain = cli.run("exec", "--", "true").out();

    assertThat(show(id).get("worktree").isNull()).isTrue();
    cli.work();

    JsonNode job = show(id);
    Path worktree = Path.of(job.get("worktree").asString());
    assertThat(worktree.getParent()).isEqualTo(cli.workspace().resolve(".aidp/worktrees"));
    assertThat(job.get("result").asString().strip()).isEqualTo(worktree.toString());
    assertThat(job.get("workspace").asString()).isEqualTo(cli.workspace().toString());
    assertThat(worktree.resolve("file.txt")).hasContent("two\n");
    assertThat(cli.workspace().resolve("file.txt")).hasContent("one\n");
    assertThat(git("status", "--porcelain")).isEmpty();
    assertThat(cli.run("jobs", "show", id.strip()).out()).contains(worktree.toString());
    assertThat(show(plain).get("worktree").isNull()).isTrue();
  }

  @Test
  void aWorktreeWithoutChangesIsRemoved() throws Exception {
    repository();
    String id = cli.run("exec", "--worktree", "--", "true").out();
    cli.work();

    assertThat(show(id).get("status").asString()).isEqualTo("completed");
    assertThat(show(id).get("worktree").isNull()).isTrue();
    assertThat(git("worktree", "list").lines()).hasSize(1);
    assertThat(git("branch", "--list", "aidp/*")).isEmpty();
  }

  @Test
  void aRetryWorksOnInTheSameWorktree() throws Exception {
    repository();
    String id =
        cli.run("exec", "--worktree", "--", "sh", "-c", "test -f half || { touch half; exit 1; }")
            .out()
            .strip();
    cli.work();
    String worktree = show(id).get("worktree").asString();
    assertThat(show(id).get("status").asString()).isEqualTo("failed");

    assertThat(cli.run("jobs", "retry", id).exitCode()).isZero();
    cli.work();

    assertThat(show(id).get("status").asString()).isEqualTo("completed");
    assertThat(show(id).get("worktree").asString()).isEqualTo(worktree);
  }

  @Test
  void aWorkspaceThatIsNotGitIsRefusedWhenQueueing() throws Exception {
    Result plain = cli.run("exec", "--worktree", "--", "true");
    assertThat(plain.exitCode()).isEqualTo(2);
    assertThat(plain.out()).isEmpty();
    assertThat(plain.err())
        .isEqualTo(
            """
            aidp: --worktree is not possible: %s is in no git work tree
              Commit something to a git repository there, or leave --worktree out
            """
                .formatted(cli.workspace()));
    git("init", "--quiet");
    assertThat(cli.run("prompt", "--provider", "demo", "--worktree", "x").exitCode()).isEqualTo(2);
    assertThat(cli.run("jobs", "list").out()).isEmpty();
    assertThat(Files.exists(cli.workspace().resolve(".aidp"))).isFalse();
  }
}
