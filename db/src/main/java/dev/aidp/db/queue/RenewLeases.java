package dev.aidp.db.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// A worker's heartbeat: one statement, whatever it runs. It answers what the database believes
/// that the worker runs, and what it shall cancel.
public final class RenewLeases {
  private static final String SQL =
      """
      with beat as (
        update aidp.workers set last_seen_at = clock_timestamp(), draining = ?
        where id = ? and incarnation = ? and ended_at is null
        returning id, slots
      )
      select b.slots, l.job_id, l.execution_id, l.token, j.cancel_requested_at is not null as cancelled
      from beat b
      left join aidp.leases l on l.worker_id = b.id
      left join aidp.jobs j on j.id = l.job_id
      """;

  private RenewLeases() {}

  /// A lease of this worker in the database.
  public record Held(LeaseRef lease, boolean cancelled) {}

  /// @param slots how many the worker shall have: a command may have asked for more
  public record Beat(int slots, List<Held> held) {}

  /// @return empty: the worker was declared dead
  public static Optional<Beat> renew(
      Connection connection, RegisterWorker.Registered worker, boolean draining)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setBoolean(1, draining);
      statement.setLong(2, worker.id());
      statement.setObject(3, worker.incarnation());
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          return Optional.empty();
        }
        int slots = rows.getInt("slots");
        List<Held> held = new ArrayList<>();
        do {
          UUID token = rows.getObject("token", UUID.class);
          if (token != null) {
            held.add(
                new Held(
                    new LeaseRef(rows.getLong("job_id"), rows.getLong("execution_id"), token),
                    rows.getBoolean("cancelled")));
          }
        } while (rows.next());
        return Optional.of(new Beat(slots, held));
      }
    }
  }
}
