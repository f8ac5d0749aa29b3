package dev.aidp.db.prune;

import dev.aidp.db.queue.Transaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Deletes the history of jobs and runs that ended long ago: with their logs, executions and
/// dependencies, in short transactions, so that workers are not held up. What lives is never
/// touched. Stopped half-way, it leaves whole jobs and runs, and can be repeated.
public final class PruneHistory {
  private static final int WINDOW = 1_000;
  private static final int RUNS_AT_ONCE = 20;
  private static final UUID FIRST = new UUID(0, 0);

  private static final String BEFORE =
      "select clock_timestamp() - ?::bigint * interval '1 ms' as before";

  // An execution tells the host by its worker's row.
  private static final String WORKERS =
      """
      from aidp.workers w
      where w.ended_at < ? and not exists (select from aidp.executions e where e.worker_id = w.id)
        and not exists (select from aidp.leases l where l.worker_id = w.id)
      """;

  private final Connection connection;
  private final OffsetDateTime before;
  private final boolean delete;
  private final Map<String, Long> rows = new LinkedHashMap<>();

  private PruneHistory(Connection connection, OffsetDateTime before, boolean delete) {
    this.connection = connection;
    this.before = before;
    this.delete = delete;
    HistoryTable.ALL.reversed().forEach(table -> rows.put(table.name(), 0L));
    rows.put("workers", 0L);
  }

  /// What went, or would go.
  ///
  /// @param before what ended earlier, by the database's clock
  /// @param rows by the names of the tables; the order is for reading
  public record Pruned(Instant before, Map<String, Long> rows) {}

  /// Counts what [#prune] would delete. Rows of workers are counted only as far as no execution
  /// names them now.
  public static Pruned count(Connection connection, Duration olderThan) throws SQLException {
    return of(connection, olderThan, false);
  }

  /// Deletes; commits many times.
  ///
  /// @param connection in autocommit mode; its statement timeout must bear a look at all workers
  public static Pruned prune(Connection connection, Duration olderThan) throws SQLException {
    return of(connection, olderThan, true);
  }

  private static Pruned of(Connection connection, Duration olderThan, boolean delete)
      throws SQLException {
    PruneHistory history = new PruneHistory(connection, before(connection, olderThan), delete);
    history.runs();
    history.singleJobs();
    history.workers();
    return new Pruned(history.before.toInstant(), history.rows);
  }

  private static OffsetDateTime before(Connection connection, Duration age) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(BEFORE)) {
      statement.setLong(1, age.toMillis());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getObject(1, OffsetDateTime.class);
      }
    }
  }

  private void runs() throws SQLException {
    UUID after = FIRST;
    while (true) {
      List<UUID> page = FindEnded.runs(connection, before, after, RUNS_AT_ONCE);
      if (page.isEmpty()) {
        return;
      }
      after = page.getLast();
      inTransaction(_ -> {
        List<UUID> ended = delete ? FindEnded.locked(connection, before, page) : page;
        return rowsOf(FindEnded.jobsOf(connection, ended), ended);
      });
    }
  }

  private void singleJobs() throws SQLException {
    long after = Long.MIN_VALUE;
    Long end = FindEnded.windowEnd(connection, after, WINDOW);
    while (end != null) {
      long first = after;
      long last = end;
      inTransaction(
          _ -> rowsOf(FindEnded.singleJobs(connection, before, first, last, delete), List.of()));
      after = last;
      end = FindEnded.windowEnd(connection, after, WINDOW);
    }
  }

  private Map<String, Long> rowsOf(List<Long> jobs, List<UUID> runs) throws SQLException {
    Map<String, Long> found = new LinkedHashMap<>();
    if (jobs.isEmpty() && runs.isEmpty()) {
      return found;
    }
    for (HistoryTable table : HistoryTable.ALL) {
      String sql = delete ? table.delete() : table.count();
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        statement.setArray(1, connection.createArrayOf("bigint", jobs.toArray()));
        statement.setArray(2, connection.createArrayOf("uuid", runs.toArray()));
        found.put(table.name(), rows(statement));
      }
    }
    return found;
  }

  private void workers() throws SQLException {
    String sql = (delete ? "delete " : "select count(*) ") + WORKERS;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, before);
      rows.merge("workers", rows(statement), Long::sum);
    }
  }

  private long rows(PreparedStatement statement) throws SQLException {
    if (delete) {
      return statement.executeLargeUpdate();
    }
    try (ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  /// Counts only what was committed.
  private void inTransaction(Transaction.Work<Map<String, Long>> step) throws SQLException {
    Transaction.run(connection, step).forEach((name, count) -> rows.merge(name, count, Long::sum));
  }
}
