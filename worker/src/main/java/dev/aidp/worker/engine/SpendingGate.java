package dev.aidp.worker.engine;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.job.Budget;
import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.ProviderKind;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import dev.aidp.db.queue.ClaimedJob;
import dev.aidp.db.queue.ReadSpent;
import dev.aidp.worker.price.SpendingRules;
import dev.aidp.worker.provider.StopSignal;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Tells an execution its prices and limits before it starts, and keeps it from starting where a
/// limit is reached already. Commands cost nothing and are let through.
final class SpendingGate {
  private final WorkerContext worker;

  SpendingGate(WorkerContext worker) {
    this.worker = worker;
  }

  /// From then on the execution is asked to stop when it reaches a limit.
  ///
  /// @return null: it may start
  @Nullable Outcome refusal(RunningExecution execution, Path directory)
      throws InterruptedException {
    ClaimedJob job = execution.job();
    if (ProviderKind.of(job.provider()) != ProviderKind.AGENT) {
      return null;
    }
    Spending spending = execution.log().spending();
    SpendingRules rules;
    try {
      // Of the workspace, where the job has a worktree: that is the agent's to change.
      rules =
          worker
              .options()
              .spendingRules()
              .apply(job.workspace() == null ? directory : Path.of(job.workspace()));
    } catch (AidpException e) {
      return refused(ErrorClass.CONFIG, String.valueOf(e.getMessage()));
    }
    spending.rules(rules);
    SpendingLimits limits =
        new SpendingLimits(job.options().budgets(), new Budget(rules.perDayUsd(), null));
    if (limits.isNone()) {
      return null;
    }
    String reached;
    try (DatabaseLoop database = worker.borrowConnection()) {
      ReadSpent.Others others =
          database.repeat(
              connection -> ReadSpent.beside(connection, job.lease(), !limits.day().isNone()));
      reached =
          spending.limit(limits, others, () -> execution.stop().request(StopSignal.Cause.BUDGET));
    } catch (SQLException | DatabaseLoop.Unreachable e) {
      // Without the figures, nothing that costs money is started.
      return refused(ErrorClass.UNKNOWN, "what was spent before cannot be read: " + e.getMessage());
    }
    return reached == null ? null : refused(ErrorClass.BUDGET, reached);
  }

  private static Outcome refused(ErrorClass errorClass, String error) {
    return new Outcome.Failed(errorClass, error, null, false, Figures.NONE);
  }
}
