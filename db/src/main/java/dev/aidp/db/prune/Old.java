package dev.aidp.db.prune;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/// What is old enough.
///
/// @param before what ended earlier
/// @param workspace the directory that it worked in; null: any
record Old(OffsetDateTime before, @Nullable String workspace) {

  /// Sets a time, and as often as a statement asks for it the workspace behind.
  void bind(PreparedStatement statement, int first, int times, int workspaces) throws SQLException {
    for (int i = 0; i < times; i++) {
      statement.setObject(first + i, before);
    }
    for (int i = 0; i < workspaces; i++) {
      statement.setString(first + times + i, workspace);
    }
  }
}
