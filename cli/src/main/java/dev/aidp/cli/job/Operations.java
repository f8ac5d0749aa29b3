package dev.aidp.cli.job;

import dev.aidp.cli.session.Session;
import dev.aidp.db.operation.OperationLog;
import java.util.Map;

/// What commands write to `AIDP_LOG_FILE`.
public final class Operations {
  private Operations() {}

  /// @param data JSON-ready values
  public static void log(Session session, String operation, long jobId, Map<String, ?> data) {
    String failure =
        OperationLog.of(session.environment(), session.directory()).log(operation, jobId, data);
    if (failure != null) {
      session.console().warn("the log of operations can't be written: " + failure);
    }
  }
}
