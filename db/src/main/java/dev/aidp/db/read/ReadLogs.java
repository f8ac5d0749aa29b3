package dev.aidp.db.read;

import static dev.aidp.db.schema.Tables.JOB_LOGS;

import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogEntry;
import dev.aidp.core.job.LogLevel;
import dev.aidp.db.connect.TypedSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import org.jooq.Condition;
import org.jooq.JSONB;
import org.jooq.OrderField;
import org.jooq.Record6;
import org.jspecify.annotations.Nullable;

/// Pages through the log of one execution by `seq`.
public final class ReadLogs {
  private ReadLogs() {}

  /// In `seq` order, beginning behind the given one (0: at the first).
  public static List<LogEntry> after(
      Connection connection, ExecutionRef execution, long afterSeq, int limit)
      throws SQLException {
    return page(
        connection, execution, JOB_LOGS.SEQ.gt(afterSeq), JOB_LOGS.SEQ.asc(), limit);
  }

  /// In `seq` order, the last ones before the given one ([Long#MAX_VALUE]: the tail).
  public static List<LogEntry> before(
      Connection connection, ExecutionRef execution, long beforeSeq, int limit)
      throws SQLException {
    return page(
            connection, execution, JOB_LOGS.SEQ.lt(beforeSeq), JOB_LOGS.SEQ.desc(), limit)
        .reversed();
  }

  /// Which execution's log.
  public record ExecutionRef(long jobId, long executionId, int attempt) {}

  private static List<LogEntry> page(
      Connection connection,
      ExecutionRef execution,
      Condition range,
      OrderField<Long> order,
      int limit)
      throws SQLException {
    return TypedSql.with(
        connection,
        sql ->
            sql.select(
                    JOB_LOGS.SEQ,
                    JOB_LOGS.TIMESTAMP,
                    JOB_LOGS.LEVEL,
                    JOB_LOGS.CATEGORY,
                    JOB_LOGS.MESSAGE,
                    JOB_LOGS.DATA)
                .from(JOB_LOGS)
                .where(JOB_LOGS.EXECUTION_ID.eq(execution.executionId()), range)
                .orderBy(order)
                .limit(limit)
                .fetch(row -> entry(execution, row)));
  }

  private static LogEntry entry(
      ExecutionRef execution,
      Record6<Long, OffsetDateTime, String, String, String, @Nullable JSONB> row) {
    JSONB data = row.value6();
    return new LogEntry(
        execution.jobId(),
        execution.attempt(),
        row.value1(),
        row.value2().toInstant(),
        LogLevel.ofWord(row.value3()),
        LogCategory.ofWord(row.value4()),
        row.value5(),
        data == null ? null : data.data());
  }
}
