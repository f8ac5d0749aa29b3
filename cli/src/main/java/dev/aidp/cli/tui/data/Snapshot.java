package dev.aidp.cli.tui.data;

import dev.aidp.core.job.Execution;
import dev.aidp.core.job.Job;
import dev.aidp.db.read.CountJobs.Count;
import dev.aidp.db.read.CountJobs.Counts;
import dev.aidp.db.read.ListWorkers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What the database answered to a [Want].
///
/// @param latency of the whole answer
public record Snapshot(Want want, Overview overview, Body body, Duration latency) {

  /// What every screen's header shows.
  ///
  /// @param workersAlive of those that have not ended, how many gave a sign of life lately
  /// @param ended some of the jobs that were running at the last answer and have ended since
  public record Overview(int workersAlive, int workers, Counts counts, List<JobRow> ended) {
    public static final Overview NONE = new Overview(0, 0, Counts.NONE, List.of());

    public Overview {
      ended = List.copyOf(ended);
    }
  }

  /// The answer itself.
  public sealed interface Body {
    /// Whether nothing is left to be looked for; if something is, asking again at once goes on.
    default boolean complete() {
      return true;
    }
  }

  /// @param rows in the order that was asked for, without a gap
  /// @param fromFirst whether no row comes before the first of these
  /// @param toLast whether no row comes after the last of these
  /// @param above how many rows come before the first of these
  /// @param unseen how many jobs are newer than the newest that the user was shown
  /// @param looked how many jobs were looked at so far for those that match; 0: that is over
  public record Jobs(
      List<JobRow> rows, boolean fromFirst, boolean toLast, Count above, Count unseen, long looked)
      implements Body {
    public static final Jobs NONE = new Jobs(List.of(), true, true, Count.NONE, Count.NONE, 0);

    public Jobs {
      rows = List.copyOf(rows);
    }

    @Override
    public boolean complete() {
      return looked == 0;
    }
  }

  /// @param job empty: it does not exist (any more)
  /// @param tools where its tool calls are
  /// @param errors where errors are, if that was asked for
  /// @param found where the search's text is
  /// @param complete whether all that was looked for has been looked for to the end
  public record Detail(
      Optional<Job> job,
      List<Execution> executions,
      LogWindow logs,
      LogHits tools,
      LogHits errors,
      LogHits found,
      boolean complete)
      implements Body {
    public Detail {
      executions = List.copyOf(executions);
    }

    /// One for which nothing was looked for.
    public static Detail of(Optional<Job> job, List<Execution> executions, LogWindow logs) {
      return new Detail(job, executions, logs, LogHits.NONE, LogHits.NONE, LogHits.NONE, true);
    }
  }

  /// Nothing but the overview.
  public record Nothing() implements Body {}

  public record Workers(List<ListWorkers.Worker> workers) implements Body {
    public Workers {
      workers = List.copyOf(workers);
    }
  }

  public record Runs(List<RunText.Run> runs) implements Body {
    public Runs {
      runs = List.copyOf(runs);
    }
  }

  /// @param run empty: it does not exist (any more)
  public record Graph(Optional<RunText.Run> run, List<RunText.Node> nodes) implements Body {
    public Graph {
      nodes = List.copyOf(nodes);
    }
  }

  public record Prompts(List<Catalog.PromptFile> prompts) implements Body {
    public Prompts {
      prompts = List.copyOf(prompts);
    }
  }

  public record Pipelines(List<Catalog.PipelineFile> pipelines) implements Body {
    public Pipelines {
      pipelines = List.copyOf(pipelines);
    }
  }

  public record Workflow(Catalog.WorkflowSteps steps) implements Body {}
}
