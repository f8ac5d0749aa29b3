package dev.aidp.db.read;

import dev.aidp.core.job.JobStatus;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Looks for jobs that match a filter, a bounded step at a time: there is no index on what jobs are
/// filtered by (it would cost every claim and completion its heap-only update), so that a rare
/// match may be a million rows away.
public final class FindMatchingJobs {
  private FindMatchingJobs() {}

  /// Where a look goes from its start.
  public enum Direction {
    OLDER("<", "desc"),
    NEWER(">", "asc");

    private final String comparison;
    private final String order;

    Direction(String comparison, String order) {
      this.comparison = comparison;
      this.order = order;
    }
  }

  /// What a step found.
  ///
  /// @param ids that match, in the order of the look
  /// @param looked how many jobs it looked at
  /// @param last id of the last of them; where the next step starts
  public record Step(List<Long> ids, int looked, long last) {
    public Step {
      ids = List.copyOf(ids);
    }
  }

  /// Looks at so many jobs behind an id, which is not among them.
  public static Step step(
      Connection connection, JobFilter filter, Direction direction, long from, int jobs)
      throws SQLException {
    List<Object> values = new ArrayList<>();
    String matches = matches(connection, filter, values);
    String sql =
        """
        select count(*) as looked, min(id) as lowest, max(id) as highest,
               array_agg(id order by id %2$s) filter (where %3$s) as ids
        from (select j.id, %4$s as status, j.provider, j.run_id, j.name, j.error, %5$s as reason
              from (select * from aidp.jobs where id %1$s ? order by id %2$s limit ?) j
              %6$s) behind
        """
            .formatted(
                direction.comparison,
                direction.order,
                matches,
                HeldJobs.STATUS,
                HeldJobs.REASON,
                HeldJobs.JOIN);
    values.add(from);
    values.add(jobs);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.size(); i++) {
        statement.setObject(i + 1, values.get(i));
      }
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        Array ids = row.getArray("ids");
        return new Step(
            ids == null ? List.of() : List.of((Long[]) ids.getArray()),
            row.getInt("looked"),
            row.getLong(direction == Direction.OLDER ? "lowest" : "highest"));
      }
    }
  }

  private static String matches(Connection connection, JobFilter filter, List<Object> values)
      throws SQLException {
    StringBuilder sql = new StringBuilder("true");
    if (!filter.statuses().isEmpty()) {
      sql.append(" and status = any (?)");
      values.add(
          connection.createArrayOf(
              "text", filter.statuses().stream().map(JobStatus::word).toArray()));
    }
    if (filter.provider() != null) {
      sql.append(" and provider = ?");
      values.add(filter.provider());
    }
    if (filter.run() != null) {
      sql.append(" and run_id between ? and ?");
      values.add(filter.run().first());
      values.add(filter.run().last());
    }
    for (String word : filter.words()) {
      sql.append(" and (name ilike ? or error ilike ? or reason ilike ? or id::text = ?)");
      String pattern = "%" + word.replaceAll("[\\\\%_]", "\\\\$0") + "%";
      values.addAll(List.of(pattern, pattern, pattern, word));
    }
    return sql.toString();
  }
}
