package dev.aidp.cli.job;

import dev.aidp.cli.session.Session;
import dev.aidp.db.read.DatabaseIdentity;
import dev.aidp.db.read.FindEnclosing;
import dev.aidp.worker.process.ExecutionMarker;
import java.util.List;

/// The executions in which this command runs, if a job started it.
final class EnclosingExecutions {
  private EnclosingExecutions() {}

  /// @return their ids, the outermost first; empty outside of a job, or in one of another database
  static List<Long> of(Session session) {
    String marker = session.variables().text(ExecutionMarker.VARIABLE);
    if (marker == null) {
      return List.of();
    }
    return ExecutionMarker.parse(marker)
        .map(enclosing ->
            session
                .database()
                .call(connection ->
                    DatabaseIdentity.of(connection).toString().equals(enclosing.databaseId())
                        ? FindEnclosing.of(connection, enclosing.execution(), enclosing.token())
                        : List.<Long>of()))
        .orElse(List.of());
  }
}
