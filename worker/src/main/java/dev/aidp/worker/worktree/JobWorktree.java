package dev.aidp.worker.worktree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/// The git worktree of one job: `.aidp/worktrees/job-…` of the workspace's repository, on a branch
/// `aidp/job-…` that begins at what the workspace has checked out. Its name is made of the job's
/// ids, so that whoever runs the job again, after a crash too, works on in the same one.
public final class JobWorktree {
  /// What the branch began at; in the worktree's own part of the repository.
  private static final String BASE = "aidp-base";

  private final Path repository;
  private final Path directory;
  private final Path place;
  private final String branch;
  private final Git git;

  private JobWorktree(Path repository, String inside, String name, Git git) {
    this.repository = repository;
    this.directory = repository.resolve(".aidp/worktrees").resolve(name);
    this.place = directory.resolve(inside).normalize();
    this.branch = "aidp/" + name;
    this.git = git;
  }

  /// Whether jobs of this workspace can have one.
  ///
  /// @throws WorktreeException saying why not
  public static void check(Path workspace, Map<String, String> environment)
      throws WorktreeException, InterruptedException {
    Git git = new Git(workspace, environment);
    if (!git.run("rev-parse", "--show-toplevel").ok()) {
      throw new WorktreeException(workspace + " is in no git work tree");
    }
    if (!git.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}").ok()) {
      throw new WorktreeException("the repository of " + workspace + " has no commit yet");
    }
  }

  /// That of a job; nothing is made yet.
  ///
  /// @throws WorktreeException if the workspace is not git
  public static JobWorktree of(
      Path workspace, long jobId, UUID runId, Map<String, String> environment)
      throws WorktreeException, InterruptedException {
    check(workspace, environment);
    Git git = new Git(workspace, environment);
    Path repository = Path.of(git.require("rev-parse", "--show-toplevel"));
    String inside = git.require("rev-parse", "--show-prefix");
    // Ids of two databases are the same; their runs are not.
    String name = "job-" + jobId + "-" + runId.toString().substring(0, 8);
    return new JobWorktree(repository, inside, name, git.in(repository));
  }

  /// Its root.
  public Path directory() {
    return directory;
  }

  /// Where the job works: as deep in it as the workspace is in its repository.
  public Path place() {
    return place;
  }

  public String branch() {
    return branch;
  }

  /// Makes it, or finds it as an earlier execution has left it.
  ///
  /// @throws WorktreeException if git refuses
  public void prepare() throws WorktreeException, InterruptedException {
    if (isThere()) {
      return;
    }
    Path parent = parent();
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new WorktreeException(directory + " is in the way: it is no worktree of this job");
    }
    String base = git.require("rev-parse", "HEAD");
    git.run("worktree", "prune");
    boolean branched = git.run("rev-parse", "--verify", "--quiet", "refs/heads/" + branch).ok();
    if (branched) {
      git.require("worktree", "add", directory.toString(), branch);
    } else {
      git.require("worktree", "add", "--no-track", "-b", branch, directory.toString(), base);
    }
    try {
      Files.writeString(basePath(), branched ? "" : base);
      Files.createDirectories(place);
    } catch (IOException e) {
      throw new WorktreeException("the worktree in " + parent + " can't be used: " + e);
    }
  }

  private boolean isThere() throws WorktreeException, InterruptedException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    Git.Result top = git.in(directory).run("rev-parse", "--show-toplevel");
    return top.ok() && Path.of(top.output()).equals(directory);
  }

  /// Links are refused: a cloned repository could have them lead anywhere.
  private Path parent() throws WorktreeException {
    Path parent = repository.resolve(".aidp/worktrees");
    try {
      for (Path path : new Path[] {parent.getParent(), parent}) {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectory(path);
        }
      }
      Path ignore = parent.resolve(".gitignore");
      if (!Files.exists(ignore, LinkOption.NOFOLLOW_LINKS)) {
        Files.writeString(ignore, "*\n");
      }
      return parent;
    } catch (java.nio.file.FileAlreadyExistsException e) {
      // Another job has made it just now, or it is no directory.
      if (Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)) {
        return parent;
      }
      throw new WorktreeException(parent + " can't be made: a file or a link is in the way");
    } catch (IOException e) {
      throw new WorktreeException(parent + " can't be made: " + e);
    }
  }

  private Path basePath() throws WorktreeException, InterruptedException {
    return Path.of(git.in(directory).require("rev-parse", "--absolute-git-dir")).resolve(BASE);
  }

  /// Removes it and its branch if it holds nothing: no commit of its own, no changed and no new
  /// file but ignored ones.
  ///
  /// @return whether it is kept
  /// @throws WorktreeException if git refuses; it is kept then
  public boolean releaseIfUnchanged() throws WorktreeException, InterruptedException {
    if (!isThere()) {
      return false;
    }
    if (holdsChanges()) {
      return true;
    }
    git.require("worktree", "remove", "--force", directory.toString());
    git.run("branch", "-D", branch);
    return false;
  }

  private boolean holdsChanges() throws WorktreeException, InterruptedException {
    Git inside = git.in(directory);
    String base;
    try {
      base = Files.readString(basePath()).strip();
    } catch (IOException e) {
      return true;
    }
    return !inside.require("rev-parse", "HEAD").equals(base)
        || !inside.require("rev-parse", "refs/heads/" + branch).equals(base)
        || !inside.require("status", "--porcelain", "--untracked-files=all").isEmpty();
  }
}
