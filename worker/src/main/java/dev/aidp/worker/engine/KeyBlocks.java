package dev.aidp.worker.engine;

import dev.aidp.core.secret.SecretMask;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// A private key that comes line by line: what stands between its first line and its last is masked
/// too, in each stream for itself. Thread-safe.
final class KeyBlocks {
  private static final String BEGIN = "-----BEGIN ";

  private final Set<Object> open = new HashSet<>();

  /// @param masked the line as it would be stored
  /// @param line as it came
  /// @param data what tells the streams apart
  String mask(String masked, String line, Map<String, ?> data) {
    Object stream = data.get("stream");
    return stream == null ? masked : inStream(stream, masked, line);
  }

  private synchronized String inStream(Object stream, String masked, String line) {
    int begin = line.indexOf(BEGIN);
    if (begin >= 0) {
      boolean goesOn =
          line.indexOf("PRIVATE KEY", begin) > 0 && line.indexOf("-----END ", begin) < 0;
      if (goesOn) {
        open.add(stream);
      }
      return masked;
    }
    if (open.isEmpty() || !open.contains(stream)) {
      return masked;
    }
    if (isHeader(line)) {
      return masked;
    }
    if (!isBase64(line)) {
      open.remove(stream);
      return masked;
    }
    return SecretMask.MASKED;
  }

  /// What an encrypted key begins with.
  private static boolean isHeader(String line) {
    return line.isBlank() || line.startsWith("Proc-Type:") || line.startsWith("DEK-Info:");
  }

  private static boolean isBase64(String line) {
    return line.strip()
        .chars()
        .allMatch(c ->
            (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "+/=".indexOf(c) >= 0);
  }
}
