package dev.aidp.db.operation;

import dev.aidp.core.text.SafeText;
import dev.aidp.core.text.Timestamps;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// `AIDP_LOG_FILE`: a line for each thing that happens to a job (queued, claimed, completed …), in
/// the form of `logs.txt`. Every process that has the variable appends to it, each line in one
/// write, so that lines never mix. A file that can't be written fails nothing. Thread-safe.
public final class OperationLog {
  /// The variable that names the file, relative to the caller's directory.
  public static final String VARIABLE = "AIDP_LOG_FILE";

  private final @Nullable Path file;

  private OperationLog(@Nullable Path file) {
    this.file = file;
  }

  /// @param directory absolute, what a relative value is relative to
  public static OperationLog of(Map<String, String> environment, Path directory) {
    String value = environment.getOrDefault(VARIABLE, "");
    return new OperationLog(value.isBlank() ? null : directory.resolve(value).normalize());
  }

  /// Where it is written, null if it is not.
  public @Nullable Path file() {
    return file;
  }

  /// @param operation what happened, such as `queued`
  /// @param data JSON-ready values, written in the order of their names; may be empty
  /// @return null, or why it could not be written
  public @Nullable String log(String operation, long jobId, Map<String, ?> data) {
    if (file == null) {
      return null;
    }
    String line =
        "["
            + Timestamps.format(Instant.now())
            + "] [INFO] [system] Job "
            + jobId
            + " "
            + SafeText.oneLine(operation)
            + (data.isEmpty()
                ? ""
                : " "
                    + SafeText.oneLine(JsonMapper.shared().writeValueAsString(new TreeMap<>(data))))
            + "\n";
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      return null;
    } catch (IOException | UnsupportedOperationException e) {
      return file + ": " + e;
    }
  }
}
