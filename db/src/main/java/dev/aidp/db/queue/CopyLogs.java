package dev.aidp.db.queue;

import dev.aidp.core.job.LogEntry;
import dev.aidp.core.text.SafeText;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/// Rows of `job_logs` on their way into the database by COPY: they are sent as they come, so that a
/// batch costs no memory of its own. For one thread.
final class CopyLogs implements AutoCloseable {
  private static final String COPY =
      """
      copy aidp.job_logs (job_id, execution_id, seq, timestamp, level, category, message, data)
      from stdin (encoding 'UTF8')
      """;

  private static final int BUFFER_BYTES = 64 << 10;

  private final CopyIn copy;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int length;

  private CopyLogs(CopyIn copy) {
    this.copy = copy;
  }

  static CopyLogs into(Connection connection) throws SQLException {
    return new CopyLogs(connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY));
  }

  void add(LeaseRef lease, LogEntry entry) throws SQLException {
    field(Long.toString(lease.jobId()), '\t');
    field(Long.toString(lease.executionId()), '\t');
    field(Long.toString(entry.seq()), '\t');
    field(entry.timestamp().toString(), '\t');
    field(entry.level().word(), '\t');
    field(entry.category().word(), '\t');
    field(SafeText.storable(entry.message()), '\t');
    field(entry.data() == null ? null : SafeText.storableJson(entry.data()), '\n');
  }

  private void field(@Nullable String text, char end) throws SQLException {
    if (text == null) {
      put('\\');
      put('N');
    } else {
      escaped(text.getBytes(StandardCharsets.UTF_8));
    }
    put(end);
  }

  /// What has a meaning to COPY is below U+0080, where a byte of UTF-8 is a character.
  private void escaped(byte[] text) throws SQLException {
    for (byte one : text) {
      switch (one) {
        case '\\' -> pair('\\');
        case '\n' -> pair('n');
        case '\r' -> pair('r');
        case '\t' -> pair('t');
        default -> put(one);
      }
    }
  }

  private void pair(char letter) throws SQLException {
    put('\\');
    put(letter);
  }

  private void put(int one) throws SQLException {
    if (length == buffer.length) {
      send();
    }
    buffer[length++] = (byte) one;
  }

  private void send() throws SQLException {
    copy.writeToCopy(buffer, 0, length);
    length = 0;
  }

  /// All rows are there.
  void finish() throws SQLException {
    send();
    copy.endCopy();
  }

  /// Cancels what was not finished.
  @Override
  public void close() throws SQLException {
    if (copy.isActive()) {
      copy.cancelCopy();
    }
  }
}
