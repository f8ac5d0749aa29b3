package dev.aidp.worker.worktree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JobWorktreeTest {
  private static final UUID RUN = UUID.fromString("abcdef01-0000-4000-8000-000000000000");

  private final Path repository;
  private final Map<String, String> environment = new HashMap<>(System.getenv());

  JobWorktreeTest(@TempDir Path directory) throws Exception {
    repository = Files.createDirectories(directory.toRealPath().resolve("a repo/it's"));
    for (String who : new String[] {"AUTHOR", "COMMITTER"}) {
      environment.put("GIT_" + who + "_NAME", "x");
    }
    git("init", "--quiet", "--initial-branch=main");
    git("config", "user.name", "x");
    git("config", "user.email", "x@example.com");
    write("sub/file.txt", "one");
    git("add", ".");
    git("commit", "--quiet", "-m", "first");
  }

  private String git(String... arguments) throws Exception {
    return new Git(repository, environment).require(arguments);
  }

  private void write(String name, String text) throws IOException {
    Path file = repository.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private JobWorktree job(long id) throws Exception {
    return JobWorktree.of(repository, id, RUN, environment);
  }

  @Test
  void aJobWorksOnABranchOfItsOwnThatGitDoesNotSee() throws Exception {
    write("sub/file.txt", "not committed");
    JobWorktree worktree = job(7);
    worktree.prepare();

    assertThat(worktree.directory())
        .isEqualTo(repository.resolve(".aidp/worktrees/job-7-abcdef01"));
    assertThat(worktree.place()).isEqualTo(worktree.directory());
    assertThat(worktree.directory().resolve("sub/file.txt")).hasContent("one");
    assertThat(new Git(worktree.directory(), environment).require("branch", "--show-current"))
        .isEqualTo("aidp/job-7-abcdef01");
    assertThat(git("status", "--porcelain")).isEqualTo(" M sub/file.txt");
  }

  @Test
  void aWorkspaceInsideTheRepositoryIsThatPlaceInTheWorktree() throws Exception {
    JobWorktree worktree = JobWorktree.of(repository.resolve("sub"), 7, RUN, environment);
    worktree.prepare();

    assertThat(worktree.place()).isEqualTo(worktree.directory().resolve("sub"));
    assertThat(worktree.place().resolve("file.txt")).hasContent("one");
  }

  @Test
  void whatIsUnchangedIsRemovedWithItsBranch() throws Exception {
    JobWorktree worktree = job(7);
    worktree.prepare();

    assertThat(worktree.releaseIfUnchanged()).isFalse();
    assertThat(worktree.directory()).doesNotExist();
    assertThat(git("branch", "--list", "aidp/*")).isEmpty();
    assertThat(git("worktree", "list").lines()).hasSize(1);
    assertThat(worktree.releaseIfUnchanged()).isFalse();
  }

  @Test
  void aNewFileOrAChangeOrACommitKeepsIt() throws Exception {
    JobWorktree created = job(1);
    created.prepare();
    Files.writeString(created.place().resolve("new file"), "x");
    JobWorktree changed = job(2);
    changed.prepare();
    Files.writeString(changed.place().resolve("sub/file.txt"), "two");
    JobWorktree committed = job(3);
    committed.prepare();
    new Git(committed.place(), environment)
        .require("commit", "--quiet", "--allow-empty", "-m", "of the agent");

    for (JobWorktree worktree : new JobWorktree[] {created, changed, committed}) {
      assertThat(worktree.releaseIfUnchanged()).isTrue();
      assertThat(worktree.directory()).isDirectory();
    }
  }

  @Test
  void theNextExecutionWorksOnInTheSameOne() throws Exception {
    JobWorktree first = job(7);
    first.prepare();
    Files.writeString(first.place().resolve("half done"), "x");
    write("sub/file.txt", "two");
    git("commit", "--quiet", "-am", "meanwhile");

    JobWorktree second = job(7);
    second.prepare();

    assertThat(second.place().resolve("half done")).exists();
    assertThat(second.place().resolve("sub/file.txt")).hasContent("one");
  }

  @Test
  void whatWasRemovedByHandIsMadeAnewWithItsCommits() throws Exception {
    JobWorktree first = job(7);
    first.prepare();
    Files.writeString(first.place().resolve("done"), "x");
    Git inside = new Git(first.place(), environment);
    inside.require("add", ".");
    inside.require("commit", "--quiet", "-m", "done");
    git("worktree", "remove", first.directory().toString());

    JobWorktree second = job(7);
    second.prepare();

    assertThat(second.place().resolve("done")).exists();
    assertThat(second.releaseIfUnchanged()).isTrue();
  }

  @Test
  void whereThereIsNoCommitOrNoRepositoryItIsRefused(@TempDir Path plain) throws Exception {
    assertThatThrownBy(() -> JobWorktree.check(plain, environment))
        .isInstanceOf(WorktreeException.class)
        .hasMessageContaining("is in no git work tree");
    new Git(plain, environment).require("init", "--quiet");
    assertThatThrownBy(() -> JobWorktree.check(plain, environment))
        .hasMessageContaining("has no commit yet");
  }

  @Test
  void aLinkOutOfTheRepositoryIsNotFollowed(@TempDir Path outside) throws Exception {
    Files.createSymbolicLink(repository.resolve(".aidp"), outside);

    assertThatThrownBy(() -> job(7).prepare()).hasMessageContaining("is in the way");
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void variablesThatPointGitElsewhereDoNotCount(@TempDir Path elsewhere) throws Exception {
    environment.put("GIT_DIR", elsewhere.toString());
    environment.put("GIT_WORK_TREE", elsewhere.toString());
    JobWorktree worktree = job(7);
    worktree.prepare();

    assertThat(worktree.directory().resolve("sub/file.txt")).exists();
  }
}
