package dev.aidp.db.queue;

import dev.aidp.core.text.SafeText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Opens a round of an approval. Part of the caller's transaction, which holds the lock of the job.
final class AskApproval {
  // A round that nobody has answered is asked again, not doubled.
  private static final String SQL =
      """
      insert into aidp.approvals (job_id, round, message)
      select ?, coalesce(max(round), 0) + 1, ? from aidp.approvals where job_id = ?
      on conflict (job_id) where answer is null do update set message = excluded.message, asked_at = clock_timestamp()
      """;

  private AskApproval() {}

  static void ask(Connection connection, long jobId, @Nullable String message) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setLong(1, jobId);
      statement.setString(2, message == null ? null : SafeText.storable(message));
      statement.setLong(3, jobId);
      statement.executeUpdate();
    }
  }
}
