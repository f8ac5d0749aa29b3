package dev.aidp.worker.artifacts;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// How far the logs of a run are written: the record that makes a batch count. What lies behind
/// these sizes was left by a crash, or by somebody else.
///
/// @param jsonlSize bytes of whole lines
/// @param positions of each job that has lines
record RunState(long jsonlSize, long textSize, long toolCallsSize, Map<Long, Position> positions) {
  static final RunState EMPTY = new RunState(0, 0, 0, Map.of());
  static final int MAX_BYTES = 4 << 20;

  RunState {
    positions = Map.copyOf(positions);
  }

  /// The last line of a job.
  ///
  /// @param attempt 0: only its first entry
  /// @param ended whether the line that tells the end of the execution is there
  record Position(int attempt, long seq, boolean ended) {
    static final Position START = new Position(0, 0, true);

    /// Whether this entry is the next one.
    boolean precedes(int nextAttempt, long nextSeq) {
      return ended
          ? nextAttempt == attempt + 1 && nextSeq == 1
          : nextAttempt == attempt && nextSeq == seq + 1;
    }

    /// Whether the line of this entry is there already.
    boolean covers(int otherAttempt, long otherSeq) {
      return otherAttempt < attempt || (otherAttempt == attempt && (ended || otherSeq <= seq));
    }
  }

  RunState grown(Sizes added, long jobId, Position position) {
    Map<Long, Position> moved = new HashMap<>(positions);
    moved.put(jobId, position);
    return new RunState(
        jsonlSize + added.jsonl(),
        textSize + added.text(),
        toolCallsSize + added.toolCalls(),
        moved);
  }

  /// Bytes of one batch.
  record Sizes(long jsonl, long text, long toolCalls) {}

  byte[] toBytes() {
    StringBuilder body = new StringBuilder();
    body.append(jsonlSize).append(' ').append(textSize).append(' ').append(toolCallsSize);
    new TreeMap<>(positions)
        .forEach((jobId, position) ->
            body.append('\n')
                .append(jobId)
                .append(' ')
                .append(position.attempt())
                .append(' ')
                .append(position.seq())
                .append(' ')
                .append(position.ended()));
    return (checksum(body.toString()) + "\n" + body + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  /// @return null for what was not wholly written, or not by this program
  static @Nullable RunState ofBytes(byte[] bytes) {
    String[] lines = new String(bytes, StandardCharsets.US_ASCII).split("\n", -1);
    if (lines.length < 3) {
      return null;
    }
    String body = String.join("\n", java.util.Arrays.copyOfRange(lines, 1, lines.length - 1));
    if (!lines[0].equals(checksum(body))) {
      return null;
    }
    try {
      String[] sizes = lines[1].split(" ", -1);
      Map<Long, Position> positions = new HashMap<>();
      for (int i = 2; i < lines.length - 1; i++) {
        String[] words = lines[i].split(" ", -1);
        positions.put(
            Long.valueOf(words[0]),
            new Position(
                Integer.parseInt(words[1]),
                Long.parseLong(words[2]),
                Boolean.parseBoolean(words[3])));
      }
      return new RunState(
          Long.parseLong(sizes[0]), Long.parseLong(sizes[1]), Long.parseLong(sizes[2]), positions);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException _) {
      return null;
    }
  }

  private static String checksum(String body) {
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(StandardCharsets.US_ASCII));
    return "1 " + Long.toHexString(crc.getValue());
  }
}
