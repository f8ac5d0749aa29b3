package dev.aidp.db.read;

import dev.aidp.core.job.Usage;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tokens and cost of all executions that used any, ended or running, in sums. A running one counts
/// with what it had used a few seconds ago; an execution belongs to the day of its end.
public final class SumUsage {
  /// What the sums are by.
  public enum By {
    PROVIDER("j.provider"),
    /// Days of UTC.
    DAY("to_char(coalesce(u.completed_at, clock_timestamp()) at time zone 'UTC', 'YYYY-MM-DD')"),
    RUN("j.run_id::text");

    private final String expression;

    By(String expression) {
      this.expression = expression;
    }

    /// Latest first, or by name.
    private String order() {
      return switch (this) {
        case PROVIDER -> "1";
        case DAY -> "1 desc";
        case RUN -> "max(u.job_id) desc";
      };
    }
  }

  private SumUsage() {}

  /// One sum.
  ///
  /// @param costUsd of what is known; null if nothing is
  /// @param costEstimated whether a part of it comes from a price table
  /// @param unpriced executions whose cost is not known
  public record Sum(
      String key,
      long executions,
      Usage usage,
      @Nullable BigDecimal costUsd,
      boolean costEstimated,
      long unpriced) {

    /// Both together.
    public Sum plus(Sum other) {
      BigDecimal cost =
          costUsd == null
              ? other.costUsd
              : other.costUsd == null ? costUsd : costUsd.add(other.costUsd);
      return new Sum(
          key,
          executions + other.executions,
          usage.plus(other.usage),
          cost,
          costEstimated || other.costEstimated,
          unpriced + other.unpriced);
    }
  }

  /// @param since executions that ended earlier do not count; null: all that there are
  public static List<Sum> by(Connection connection, By by, @Nullable Instant since)
      throws SQLException {
    OffsetDateTime from =
        since == null ? OffsetDateTime.MIN : OffsetDateTime.ofInstant(since, ZoneOffset.UTC);
    List<Sum> sums = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            select %s as key, count(*) as executions,
                   coalesce(sum((u.usage ->> 'inputTokens')::bigint), 0) as input_tokens,
                   coalesce(sum((u.usage ->> 'outputTokens')::bigint), 0) as output_tokens,
                   coalesce(sum((u.usage ->> 'cachedTokens')::bigint), 0) as cached_tokens,
                   sum(u.cost_usd) as cost_usd, bool_or(u.cost_estimated) as cost_estimated,
                   count(*) filter (where u.cost_usd is null) as unpriced
            from (
              select job_id, completed_at, usage, cost_usd, cost_estimated from aidp.executions
              where usage is not null and completed_at >= ?
              union all
              select job_id, null, usage, cost_usd, cost_estimated from aidp.leases where usage is not null
            ) u
            join aidp.jobs j on j.id = u.job_id
            group by 1
            order by %s
            """
                .formatted(by.expression, by.order()))) {
      statement.setObject(1, from);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          sums.add(sum(row));
        }
      }
    }
    return sums;
  }

  /// Everything since midnight, UTC.
  public static Sum today(Connection connection) throws SQLException {
    Instant midnight = Instant.now().truncatedTo(ChronoUnit.DAYS);
    return by(connection, By.DAY, midnight).stream()
        .reduce(Sum::plus)
        .orElse(new Sum("", 0, Usage.NONE, null, false, 0));
  }

  private static Sum sum(ResultSet row) throws SQLException {
    return new Sum(
        row.getString("key"),
        row.getLong("executions"),
        new Usage(
            row.getLong("input_tokens"),
            row.getLong("output_tokens"),
            row.getLong("cached_tokens")),
        row.getBigDecimal("cost_usd"),
        row.getBoolean("cost_estimated"),
        row.getLong("unpriced"));
  }
}
