package dev.aidp.worker.node;

import dev.aidp.core.job.ErrorClass;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The few questions to git that tracking changes takes. Names come apart by NUL, so that no
/// character in them matters; nothing of the repository's configuration is run.
final class Git {
  private static final long LIMIT_SECONDS = 120;

  private final Path workspace;
  private final Map<String, String> environment;

  Git(Path workspace, Map<String, String> environment) {
    this.workspace = workspace;
    this.environment = environment;
  }

  boolean isWorkTree() throws InterruptedException {
    try {
      return run("rev-parse", "--is-inside-work-tree").strip().equals("true");
    } catch (NodeFailure _) {
      return false;
    }
  }

  /// @return empty before the first commit
  String head() throws InterruptedException {
    try {
      return run("rev-parse", "--verify", "--quiet", "HEAD").strip();
    } catch (NodeFailure _) {
      return "";
    }
  }

  /// Files that are not as they were committed, new ones included, ignored ones not.
  Map<String, FileStamp> dirty() throws InterruptedException, NodeFailure {
    String prefix = run("rev-parse", "--show-prefix").replaceFirst("\n$", "");
    Map<String, FileStamp> files = new HashMap<>();
    List<String> entries =
        split(run("status", "--porcelain=v1", "-z", "--untracked-files=all", "--", "."));
    for (int i = 0; i < entries.size(); i++) {
      String entry = entries.get(i);
      if (entry.length() < 4) {
        continue;
      }
      String path = entry.substring(3);
      if (entry.charAt(0) == 'R' || entry.charAt(0) == 'C') {
        // The name that it had before follows.
        i++;
      }
      if (path.startsWith(prefix)) {
        put(files, path.substring(prefix.length()));
      }
    }
    return files;
  }

  private void put(Map<String, FileStamp> files, String relative) {
    FileStamp stamp = stamp(relative);
    if (stamp != null) {
      files.put(relative, stamp);
    }
  }

  private @Nullable FileStamp stamp(String relative) {
    try {
      Path path = Path.of(relative);
      return relative.isEmpty() || !FileStamp.counts(path)
          ? null
          : FileStamp.of(workspace.resolve(path));
    } catch (InvalidPathException _) {
      return null;
    }
  }

  /// Files that commits since then have changed and that are there.
  ///
  /// @param dirtyBefore what only had to be committed was changed before
  Set<String> committedSince(String head, Set<String> dirtyBefore)
      throws InterruptedException, NodeFailure {
    String now = head();
    Set<String> changed = new TreeSet<>();
    if (now.isEmpty() || now.equals(head)) {
      return changed;
    }
    String listing =
        head.isEmpty()
            ? run("ls-tree", "-r", "-z", "--name-only", now)
            : run("diff", "--name-only", "-z", "--relative", "--no-ext-diff", head, now);
    for (String path : split(listing)) {
      if (!dirtyBefore.contains(path) && stamp(path) != null) {
        changed.add(path);
      }
    }
    return changed;
  }

  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>(List.of(text.split("\0", -1)));
    parts.removeIf(String::isEmpty);
    return parts;
  }

  private String run(String... arguments) throws InterruptedException, NodeFailure {
    List<String> argv =
        new ArrayList<>(List.of("git", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false"));
    argv.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(argv).directory(workspace.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put("GIT_OPTIONAL_LOCKS", "0");
    builder.environment().put("LC_ALL", "C");
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process;
    try {
      process = builder.start();
      process.getOutputStream().close();
    } catch (IOException e) {
      throw failure("git can't be run: " + e.getMessage());
    }
    try {
      CompletableFuture<String> output =
          CompletableFuture.supplyAsync(() -> readAll(process), Git::start);
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw failure("git " + arguments[0] + " took longer than " + LIMIT_SECONDS + " s");
      }
      if (process.exitValue() != 0) {
        throw failure("git " + arguments[0] + " failed with exit " + process.exitValue());
      }
      return output.join();
    } finally {
      process.destroyForcibly();
    }
  }

  private static void start(Runnable task) {
    Thread.ofVirtual().name("aidp-git").start(task);
  }

  private static String readAll(Process process) {
    try (InputStream stream = process.getInputStream()) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException _) {
      return "";
    }
  }

  private static NodeFailure failure(String what) {
    return new NodeFailure(ErrorClass.CONFIG, "track_changes: " + what);
  }
}
