package dev.aidp.db.queue;

import dev.aidp.core.job.Usage;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Keeps what running executions have used so far.
public final class RecordSpending {
  private static final String SQL =
      """
      update aidp.leases l set usage = i.usage::jsonb, cost_usd = i.cost_usd, cost_estimated = i.cost_estimated
      from unnest(?::bigint[], ?::bigint[], ?::uuid[], ?::text[], ?::numeric[], ?::boolean[])
        as i(job_id, execution_id, token, usage, cost_usd, cost_estimated)
      where l.job_id = i.job_id and l.execution_id = i.execution_id and l.token = i.token
      """;

  private RecordSpending() {}

  /// What one execution has used.
  ///
  /// @param costUsd null if it is not known
  public record Entry(
      LeaseRef lease, Usage usage, @Nullable BigDecimal costUsd, boolean costEstimated) {}

  /// Commits if the connection is in autocommit mode. What was lost is passed over.
  public static void record(Connection connection, List<Entry> entries) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      set(connection, statement, 1, "bigint", entries, e -> e.lease().jobId());
      set(connection, statement, 2, "bigint", entries, e -> e.lease().executionId());
      set(connection, statement, 3, "uuid", entries, e -> e.lease().token());
      set(connection, statement, 4, "text", entries, e -> UsageText.json(e.usage()));
      set(connection, statement, 5, "numeric", entries, Entry::costUsd);
      set(connection, statement, 6, "boolean", entries, Entry::costEstimated);
      statement.executeUpdate();
    }
  }

  private static void set(
      Connection connection,
      PreparedStatement statement,
      int index,
      String type,
      List<Entry> entries,
      Function<Entry, @Nullable Object> value)
      throws SQLException {
    statement.setArray(
        index, connection.createArrayOf(type, entries.stream().map(value).toArray()));
  }
}
