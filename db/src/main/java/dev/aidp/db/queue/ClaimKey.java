package dev.aidp.db.queue;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/// Where claimable jobs of one kind stand in line: a worker asks only for the keys that it can run.
///
/// @param host host label, empty for jobs that any worker may take
public record ClaimKey(String host, String provider, int priority) {

  /// The payload of a wake-up, as `aidp.notify_ready` writes it.
  String payload() {
    return host + '\t' + provider + '\t' + priority;
  }

  /// Reads a wake-up's payload; null for one that is not ours.
  public static @org.jspecify.annotations.Nullable ClaimKey ofPayload(String payload) {
    String[] parts = payload.split("\t", -1);
    if (parts.length != 3 || !parts[2].matches("-?\\d{1,3}")) {
      return null;
    }
    return new ClaimKey(parts[0], parts[1], Integer.parseInt(parts[2]));
  }

  /// The answer of a statement whose rows have the columns host, provider and priority.
  static Set<ClaimKey> read(PreparedStatement statement) throws SQLException {
    Set<ClaimKey> keys = new HashSet<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        keys.add(
            new ClaimKey(row.getString("host"), row.getString("provider"), row.getInt("priority")));
      }
    }
    return keys;
  }
}
