package dev.aidp.db.queue;

import dev.aidp.core.job.Budget;
import dev.aidp.core.job.Budgets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/// Gives an ended job another budget. For a single job it is that of its run, too.
public final class RaiseBudget {
  private static final String SQL =
      """
      update aidp.jobs j
      set options = j.options || jsonb_build_object('budget',
            (case when exists (select from aidp.pipeline_runs r where r.id = j.run_id) then coalesce(j.options -> 'budget', '{}')
                  else coalesce(j.options -> 'budget', '{}') - 'runUsd' - 'runTokens' end) || ?::jsonb)
      where j.id = ? and j.status in ('failed', 'interrupted')
      """;

  private RaiseBudget() {}

  /// Commits if the connection is in autocommit mode. Does nothing to a job that has not failed or
  /// been interrupted; what the budget does not name stays.
  public static void of(Connection connection, long jobId, Budget budget) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setString(1, BudgetsJson.node(new Budgets(budget, Budget.NONE)).toString());
      statement.setLong(2, jobId);
      statement.executeUpdate();
    }
  }
}
