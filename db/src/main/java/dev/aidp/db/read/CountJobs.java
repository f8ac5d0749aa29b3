package dev.aidp.db.read;

import dev.aidp.core.job.JobStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;

/// How many jobs there are, at a cost that does not grow with their number.
///
/// `aidp.jobs` has no index on its status (claims and completions would then no longer be heap-only
/// updates), so that a true count would read the whole table. Instead: the statuses of the newest
/// [#RECENT] jobs; running and queued ones beyond those from the small tables `leases` and `ready`;
/// the total from the planner's estimate.
public final class CountJobs {
  /// Up to so many jobs every count is exact.
  public static final int RECENT = 10_000;

  private static final String BY_STATUS =
      """
      select j.status, count(*) as count
      from (
        select case when j.status = 'queued' and %s and exists (select from aidp.held_back(j.id, j.status, j.provider, j.host))
                    then 'waiting' else j.status end as status
        from (select id, status, provider, host from aidp.jobs order by id desc limit ?) j) j
      group by j.status
      """
          .formatted(HeldJobs.ANY);

  // reltuples is -1 until the first vacuum or analyze; the span of ids is then near enough.
  private static final String BEYOND =
      """
      select (select count(*) from (select from aidp.leases limit ?) l) as running,
             (select count(*) from (select from aidp.ready limit ?) r) as queued,
             greatest((select case when reltuples > 0 then reltuples::bigint end from pg_class where oid = 'aidp.jobs'::regclass),
                      (select max(id) - min(id) + 1 from aidp.jobs) / 2) as total
      """;

  private static final String NEWER =
      "select count(*) from (select from aidp.jobs where id > ? order by id limit ?) newer";

  private static final String OLDER =
      "select count(*) from (select from aidp.jobs where id < ? order by id desc limit ?) older";

  private CountJobs() {}

  /// @param atLeast how many were counted
  /// @param exact whether there are no more
  public record Count(long atLeast, boolean exact) {
    public static final Count NONE = new Count(0, true);
  }

  /// @param total of all jobs; an estimate if not exact
  public record Counts(Map<JobStatus, Count> byStatus, long total, boolean exact) {
    public static final Counts NONE = new Counts(Map.of(), 0, true);

    public Counts {
      byStatus = Map.copyOf(byStatus);
    }

    public Count of(JobStatus status) {
      return byStatus.getOrDefault(status, Count.NONE);
    }
  }

  public static Counts byStatus(Connection connection) throws SQLException {
    Map<JobStatus, Count> counts = new EnumMap<>(JobStatus.class);
    long seen = 0;
    try (PreparedStatement statement = connection.prepareStatement(BY_STATUS)) {
      statement.setInt(1, RECENT + 1);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          long count = row.getLong("count");
          seen += count;
          counts.put(JobStatus.ofWord(row.getString("status")), new Count(count, true));
        }
      }
    }
    return seen <= RECENT ? new Counts(counts, seen, true) : beyond(connection, counts);
  }

  private static Counts beyond(Connection connection, Map<JobStatus, Count> recent)
      throws SQLException {
    recent.replaceAll((_, count) -> new Count(count.atLeast(), false));
    for (JobStatus status : JobStatus.values()) {
      recent.putIfAbsent(status, new Count(0, false));
    }
    try (PreparedStatement statement = connection.prepareStatement(BEYOND)) {
      statement.setInt(1, RECENT + 1);
      statement.setInt(2, RECENT + 1);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        recent.put(JobStatus.RUNNING, capped(row.getLong("running")));
        recent.put(JobStatus.QUEUED, capped(row.getLong("queued")));
        return new Counts(recent, Math.max(row.getLong("total"), RECENT + 1), false);
      }
    }
  }

  private static Count capped(long count) {
    return new Count(Math.min(count, RECENT), count <= RECENT);
  }

  /// How many jobs were made after this one.
  ///
  /// @param cap no more than so many are counted
  public static Count newerThan(Connection connection, long jobId, int cap) throws SQLException {
    return capped(connection, NEWER, jobId, cap);
  }

  /// How many jobs were made before this one.
  ///
  /// @param cap no more than so many are counted
  public static Count olderThan(Connection connection, long jobId, int cap) throws SQLException {
    return capped(connection, OLDER, jobId, cap);
  }

  private static Count capped(Connection connection, String sql, long jobId, int cap)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, jobId);
      statement.setInt(2, cap + 1);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        long count = row.getLong(1);
        return new Count(Math.min(count, cap), count <= cap);
      }
    }
  }
}
