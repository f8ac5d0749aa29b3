package dev.aidp.core.pipeline;

import dev.aidp.core.job.Permissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One node of a pipeline. Texts that may hold templates (`prompt`, `command`, `message`, `when`,
/// the items of a fan, `cwd` and the values of `env`) are kept as they were written.
public sealed interface Node {
  Head head();

  default String id() {
    return head().id();
  }

  /// Ids of the nodes that must have completed first; never null, written out for a sequence too.
  default List<String> needs() {
    return head().needs();
  }

  /// How its jobs are run; [Options#NONE] for an approval, which is no job of a provider.
  Options options();

  /// Every text of it that may hold templates.
  default List<String> templates() {
    Options options = options();
    List<String> texts = new ArrayList<>(options.env().values());
    if (head().when() != null) {
      texts.add(head().when());
    }
    if (options.cwd() != null) {
      texts.add(options.cwd());
    }
    if (options.fan() != null) {
      texts.addAll(options.fan().sources());
    }
    switch (this) {
      case Agent agent -> texts.add(agent.prompt());
      case Task task -> texts.add(task.command());
      case Gate gate -> {
        texts.add(gate.command());
        if (gate.message() != null) {
          texts.add(gate.message());
        }
      }
      case Approval approval -> {
        if (approval.message() != null) {
          texts.add(approval.message());
        }
      }
    }
    return texts;
  }

  /// What every node has.
  ///
  /// @param when a template; null: it always runs
  record Head(String id, @Nullable String description, List<String> needs, @Nullable String when) {
    public Head {
      if (!NodeIds.isValid(id)) {
        throw new IllegalArgumentException("'" + id + "' is no id of a node");
      }
      needs = List.copyOf(needs);
    }
  }

  /// How the jobs of an agent, a task or a gate are run.
  ///
  /// @param cwd relative to the workspace, or absolute; null: the workspace
  /// @param timeout of one execution; null: the provider's default
  /// @param maxAttempts null: the default of its kind
  /// @param fan null: one job
  /// @param outputs files that it must have written, relative to its directory
  record Options(
      @Nullable String cwd,
      Map<String, String> env,
      @Nullable Duration timeout,
      @Nullable Integer maxAttempts,
      @Nullable Fan fan,
      TrackChanges trackChanges,
      List<String> outputs) {
    public static final Options NONE =
        new Options(null, Map.of(), null, null, null, TrackChanges.NO, List.of());

    public Options {
      env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
      outputs = List.copyOf(outputs);
    }
  }

  /// `for_each`: one job for each item.
  ///
  /// @param sources templates; one that is a single reference gives the elements of its list, or
  ///   the lines of its text, any other one item
  /// @param maxParallel jobs at once
  record Fan(List<String> sources, int maxParallel) {
    public static final int DEFAULT_MAX_PARALLEL = 4;

    public Fan {
      sources = List.copyOf(sources);
      if (maxParallel < 1) {
        throw new IllegalArgumentException("max_parallel starts at 1");
      }
    }
  }

  /// How the files that a node changed are found.
  enum TrackChanges {
    NO,
    /// By git where the directory is in a work tree, else by modification times.
    AUTO,
    GIT,
    MTIME
  }

  /// One call of an AI agent.
  ///
  /// @param provider null: the run's, else the configured one
  /// @param model null: the run's, else the provider's default
  /// @param tools the only ones that it may use; empty: as the permissions have it
  /// @param permissions null: the run's
  /// @param outputSchema null: any text is its answer
  record Agent(
      Head head,
      Options options,
      String prompt,
      @Nullable String provider,
      @Nullable String model,
      List<String> tools,
      @Nullable Permissions permissions,
      @Nullable OutputSchema outputSchema)
      implements Node {
    public Agent {
      tools = List.copyOf(tools);
    }
  }

  /// A command, run by `bash -o pipefail -c`.
  record Task(Head head, Options options, String command) implements Node {}

  /// A command that must succeed.
  ///
  /// @param message a template, the run's error if it does not; null: the command's own
  record Gate(Head head, Options options, String command, @Nullable String message)
      implements Node {}

  /// Waits for a person.
  ///
  /// @param message a template, what is to be decided; null: nothing to say
  record Approval(Head head, @Nullable String message) implements Node {
    @Override
    public Options options() {
      return Options.NONE;
    }
  }
}
