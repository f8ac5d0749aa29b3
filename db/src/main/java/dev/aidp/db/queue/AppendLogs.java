package dev.aidp.db.queue;

import dev.aidp.core.job.LogEntry;
import dev.aidp.core.text.SafeText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes log entries and moves the leases' `log_seq` in the same transaction, under the token: a
/// batch that was already written, or whose execution was lost, writes nothing.
public final class AppendLogs {
  private static final String MOVE =
      """
      update aidp.leases l
      set log_seq = i.last_seq,
          session_id = coalesce(i.session_id, l.session_id),
          progress = coalesce(i.progress, l.progress),
          pid = coalesce(i.pid, l.pid)
      from unnest(?::bigint[], ?::bigint[], ?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::int[])
        as i(job_id, execution_id, token, last_seq, session_id, progress, pid)
      where l.job_id = i.job_id and l.execution_id = i.execution_id and l.token = i.token
      """;

  private static final String STORED =
      """
      select l.execution_id, l.log_seq
      from aidp.leases l
      join unnest(?::bigint[], ?::bigint[], ?::uuid[]) as i(job_id, execution_id, token)
        on l.job_id = i.job_id and l.execution_id = i.execution_id and l.token = i.token
      order by l.job_id
      for update of l
      """;

  private AppendLogs() {}

  /// What one execution has to store.
  ///
  /// @param entries in `seq` order, without a gap; may be empty
  /// @param progress what it is doing, for tables; null: as before
  public record Batch(
      LeaseRef lease,
      List<LogEntry> entries,
      @Nullable String sessionId,
      @Nullable String progress,
      @Nullable Integer pid) {
    public Batch {
      entries = List.copyOf(entries);
    }
  }

  /// Commits. At most one batch of each execution. Safe to repeat when it is not known whether an
  /// earlier call was committed.
  ///
  /// @return executions that were lost: nothing of theirs will ever be stored
  public static Set<Long> append(Connection connection, List<Batch> batches) throws SQLException {
    requireOneEach(batches);
    return Transaction.run(connection, transaction -> write(transaction, batches));
  }

  private static void requireOneEach(List<Batch> batches) {
    long executions = batches.stream().map(b -> b.lease().executionId()).distinct().count();
    if (executions < batches.size()) {
      throw new IllegalArgumentException("two batches of one execution");
    }
  }

  private static Set<Long> write(Connection connection, List<Batch> batches) throws SQLException {
    Map<Long, Long> storedSeq = lockLeases(connection, batches);
    Set<Long> lost = new HashSet<>();
    List<Batch> wanted = new ArrayList<>();
    for (Batch batch : batches) {
      Long stored = storedSeq.get(batch.lease().executionId());
      if (stored == null) {
        lost.add(batch.lease().executionId());
      } else {
        wanted.add(withoutStored(batch, stored));
      }
    }
    if (!wanted.isEmpty()) {
      move(connection, wanted, storedSeq);
      insert(connection, wanted);
    }
    return lost;
  }

  private static Batch withoutStored(Batch batch, long storedSeq) {
    List<LogEntry> entries = batch.entries();
    if (entries.isEmpty() || entries.getFirst().seq() == storedSeq + 1) {
      return batch;
    }
    List<LogEntry> rest = entries.stream().filter(entry -> entry.seq() > storedSeq).toList();
    if (!rest.isEmpty() && rest.getFirst().seq() != storedSeq + 1) {
      throw new IllegalStateException(
          "gap in the log of execution "
              + batch.lease().executionId()
              + ": stored up to "
              + storedSeq
              + ", next is "
              + rest.getFirst().seq());
    }
    return new Batch(batch.lease(), rest, batch.sessionId(), batch.progress(), batch.pid());
  }

  private static Map<Long, Long> lockLeases(Connection connection, List<Batch> batches)
      throws SQLException {
    Map<Long, Long> storedSeq = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(STORED)) {
      bindLeases(connection, statement, batches);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          storedSeq.put(rows.getLong(1), rows.getLong(2));
        }
      }
    }
    return storedSeq;
  }

  private static void bindLeases(
      Connection connection, PreparedStatement statement, List<Batch> batches) throws SQLException {
    statement.setArray(
        1,
        connection.createArrayOf("bigint", batches.stream().map(b -> b.lease().jobId()).toArray()));
    statement.setArray(
        2,
        connection.createArrayOf(
            "bigint", batches.stream().map(b -> b.lease().executionId()).toArray()));
    statement.setArray(
        3,
        connection.createArrayOf("uuid", batches.stream().map(b -> b.lease().token()).toArray()));
  }

  private static void move(Connection connection, List<Batch> batches, Map<Long, Long> storedSeq)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(MOVE)) {
      bindLeases(connection, statement, batches);
      statement.setArray(
          4,
          connection.createArrayOf(
              "bigint",
              batches.stream()
                  .map(b ->
                      b.entries().isEmpty()
                          ? storedSeq.get(b.lease().executionId())
                          : (Long) b.entries().getLast().seq())
                  .toArray()));
      statement.setArray(5, texts(connection, batches.stream().map(Batch::sessionId).toList()));
      statement.setArray(6, texts(connection, batches.stream().map(Batch::progress).toList()));
      statement.setArray(
          7, connection.createArrayOf("int", batches.stream().map(Batch::pid).toArray()));
      statement.executeUpdate();
    }
  }

  private static void insert(Connection connection, List<Batch> batches) throws SQLException {
    if (batches.stream().allMatch(batch -> batch.entries().isEmpty())) {
      return;
    }
    try (CopyLogs rows = CopyLogs.into(connection)) {
      for (Batch batch : batches) {
        for (LogEntry entry : batch.entries()) {
          rows.add(batch.lease(), entry);
        }
      }
      rows.finish();
    }
  }

  private static java.sql.Array texts(Connection connection, List<@Nullable String> values)
      throws SQLException {
    return connection.createArrayOf(
        "text", values.stream().map(v -> v == null ? null : SafeText.storable(v)).toArray());
  }
}
