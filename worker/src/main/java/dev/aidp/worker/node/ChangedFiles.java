package dev.aidp.worker.node;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.pipeline.Node;
import dev.aidp.worker.provider.Attempt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// What a node made or changed in its workspace: the difference of two pictures. What is gone
/// afterwards is no changed file, for nothing could be done with it.
///
/// Nodes that run at the same time in one workspace see each other's changes.
interface ChangedFiles {

  /// Paths relative to the workspace, sorted; with `/` between their parts, whatever is in their
  /// names.
  ///
  /// @throws NodeFailure if the second picture cannot be taken
  List<String> since() throws InterruptedException, NodeFailure;

  /// Takes the first picture, if the node asks for it.
  ///
  /// @throws NodeFailure if it asks for git where there is none, or it cannot be taken
  static ChangedFiles before(Node node, Attempt attempt) throws InterruptedException, NodeFailure {
    Path workspace = attempt.workspace();
    return switch (node.options().trackChanges()) {
      case NO -> List::of;
      case MTIME -> ofTree(workspace);
      case GIT -> {
        Git git = new Git(workspace, attempt.environment());
        if (!git.isWorkTree()) {
          throw new NodeFailure(
              ErrorClass.CONFIG,
              "track_changes: git, but " + workspace + " is in no git work tree; use mtime");
        }
        yield ofGit(git);
      }
      case AUTO -> {
        Git git = new Git(workspace, attempt.environment());
        yield git.isWorkTree() ? ofGit(git) : ofTree(workspace);
      }
    };
  }

  private static ChangedFiles ofTree(Path workspace) throws NodeFailure {
    Map<String, FileStamp> before = FileStamp.tree(workspace);
    return () -> difference(before, FileStamp.tree(workspace));
  }

  /// What git knows to be new or changed before and after, and what was committed in between.
  private static ChangedFiles ofGit(Git git) throws InterruptedException, NodeFailure {
    String head = git.head();
    Map<String, FileStamp> before = git.dirty();
    return () -> {
      TreeSet<String> changed = new TreeSet<>(difference(before, git.dirty()));
      changed.addAll(git.committedSince(head, before.keySet()));
      return List.copyOf(changed);
    };
  }

  private static List<String> difference(
      Map<String, FileStamp> before, Map<String, FileStamp> after) {
    List<String> changed = new ArrayList<>();
    after.forEach((path, stamp) -> {
      if (!stamp.equals(before.get(path))) {
        changed.add(path);
      }
    });
    changed.sort(null);
    return changed;
  }
}
