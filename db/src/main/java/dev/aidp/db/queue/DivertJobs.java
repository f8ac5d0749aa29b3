package dev.aidp.db.queue;

import dev.aidp.core.job.Alternative;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Gives jobs to another provider while theirs is at its usage limit. Each begins a session of its
/// own there; `metadata.fallback` says where it came from.
public final class DivertJobs {
  private static final int LINE_LIMIT = 200;

  private static final String MOVE =
      """
      moved as (
        update aidp.jobs j
        set provider = t.provider, model = t.model, session_id = null, status = 'queued', reason = null, wake_at = null,
            metadata = j.metadata || jsonb_build_object('fallback', jsonb_build_object(
              'from', j.provider, 'at', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
        from target t
        where j.id = t.job_id and j.status in ('waiting', 'queued') and t.provider is not null
        returning j.id, coalesce(j.host, '') as host, j.provider, j.priority
      ), lined_up as (
        insert into aidp.ready (host, provider, priority, ready_at, job_id)
        select host, provider, priority, clock_timestamp(), id from moved
      )
      """;

  private static final String OF_ENDED =
      """
      with target as (
        select * from unnest(?::bigint[], ?::text[], ?::text[]) as i(job_id, provider, model)
      ),\
      """
          + MOVE
          + "select host, provider, priority from moved";

  // Only the places of jobs that are moved are taken. The others are passed over for good: the
  // caller goes on behind them.
  private static final String OF_LINE =
      """
      with line as materialized (
        select r.ctid as place, r.job_id, r.ready_at from aidp.ready r
        where r.host = ? and r.provider = ? and r.priority = ? and r.ready_at > ?
        order by r.ready_at, r.job_id
        limit %d
        for update of r skip locked
      ), wanted as materialized (
        select l.place, l.job_id, (
          select a.value from jsonb_array_elements(j.options -> 'fallback') with ordinality a(value, n)
          where a.value ->> 'provider' <> j.provider and a.value ->> 'provider' <> all (?::text[])
          order by a.n limit 1) as alternative
        from line l
        join aidp.jobs j on j.id = l.job_id
        where j.status = 'queued' and jsonb_typeof(j.options -> 'fallback') = 'array'
      ), target as (
        delete from aidp.ready r using wanted w
        where r.ctid = w.place and w.alternative is not null
        returning w.job_id, w.alternative ->> 'provider' as provider, w.alternative ->> 'model' as model
      ),\
      """
              .formatted(LINE_LIMIT)
          + MOVE
          + """
          select host, provider, priority, null::timestamptz as seen_to from moved
          union all
          select null, null, null, max(ready_at) from line
          """;

  private DivertJobs() {}

  /// What was done with a part of a line.
  ///
  /// @param ready keys under which jobs can now be claimed
  /// @param seenTo the place of the last job that was looked at; null: there was none
  public record Diverted(Set<ClaimKey> ready, @Nullable OffsetDateTime seenTo) {}

  /// Jobs that wait in line for a paused provider, a few hundred at once. Commits.
  ///
  /// @param paused providers that take no jobs
  /// @param after the place behind which to look
  public static Diverted fromLine(
      Connection connection, ClaimKey key, Collection<String> paused, OffsetDateTime after)
      throws SQLException {
    return Transaction.run(
        connection,
        transaction -> {
          try (PreparedStatement statement = transaction.prepareStatement(OF_LINE)) {
            statement.setString(1, key.host());
            statement.setString(2, key.provider());
            statement.setShort(3, (short) key.priority());
            statement.setObject(4, after);
            statement.setArray(5, transaction.createArrayOf("text", paused.toArray()));
            return diverted(statement);
          }
        });
  }

  private static Diverted diverted(PreparedStatement statement) throws SQLException {
    Set<ClaimKey> ready = new HashSet<>();
    OffsetDateTime seenTo = null;
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        if (row.getString("host") == null) {
          seenTo = row.getObject("seen_to", OffsetDateTime.class);
        } else {
          ready.add(key(row));
        }
      }
    }
    return new Diverted(ready, seenTo);
  }

  /// Jobs whose executions were ended by the caller's transaction, and now wait for the reset.
  ///
  /// @return keys under which jobs can now be claimed
  static Set<ClaimKey> ended(Connection connection, List<FinishJobs.Ended> batch, Set<Long> moved)
      throws SQLException {
    List<FinishJobs.Ended> diverted =
        batch.stream()
            .filter(ended -> ended.alternative() != null)
            .filter(ended -> moved.contains(ended.lease().executionId()))
            .toList();
    Set<ClaimKey> ready = new HashSet<>();
    if (diverted.isEmpty()) {
      return ready;
    }
    List<Alternative> alternatives = diverted.stream().map(DivertJobs::alternative).toList();
    try (PreparedStatement statement = connection.prepareStatement(OF_ENDED)) {
      statement.setArray(
          1,
          connection.createArrayOf(
              "bigint", diverted.stream().map(ended -> ended.lease().jobId()).toArray()));
      statement.setArray(
          2,
          connection.createArrayOf(
              "text", alternatives.stream().map(Alternative::provider).toArray()));
      statement.setArray(3, models(connection, alternatives));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          ready.add(key(row));
        }
      }
    }
    return ready;
  }

  private static Array models(Connection connection, List<Alternative> alternatives)
      throws SQLException {
    @Nullable Object[] models = new @Nullable Object[alternatives.size()];
    for (int i = 0; i < models.length; i++) {
      models[i] = alternatives.get(i).model();
    }
    return connection.createArrayOf("text", models);
  }

  private static Alternative alternative(FinishJobs.Ended ended) {
    Alternative alternative = ended.alternative();
    if (alternative == null) {
      throw new IllegalStateException("execution " + ended.lease().executionId());
    }
    return alternative;
  }

  private static ClaimKey key(ResultSet row) throws SQLException {
    return new ClaimKey(row.getString("host"), row.getString("provider"), row.getInt("priority"));
  }
}
