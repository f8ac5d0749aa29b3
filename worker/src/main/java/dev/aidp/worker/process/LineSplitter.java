package dev.aidp.worker.process;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Cuts a byte stream into lines at `\n` only: agents write U+0085 and U+2028 raw inside JSON. One
/// `\r` before the line's end is dropped. Invalid UTF-8 and NUL become U+FFFD, and nothing that is
/// decoded here holds a lone surrogate: either would poison a database batch. Holds at most one
/// line's limit in memory, however long the line. For one thread.
public final class LineSplitter {
  /// The limit for the output of shell jobs: 1 MiB.
  public static final int SHELL_LIMIT_BYTES = 1 << 20;

  /// The limit for the JSON lines of agents, where half a line is worth nothing: 64 MiB.
  public static final int AGENT_LIMIT_BYTES = 64 << 20;

  private static final int KEPT_BUFFER_BYTES = 64 << 10;
  private static final char REPLACEMENT = '\uFFFD';

  /// Takes the lines.
  @FunctionalInterface
  public interface Sink {
    /// Takes the next line.
    ///
    /// @param droppedBytes how many bytes after the text were cut off; 0 for a whole line
    void line(String text, long droppedBytes);
  }

  private final int limitBytes;
  private final Sink sink;
  private byte[] pending = new byte[256];
  private int pendingLength;
  private long droppedBytes;

  public LineSplitter(int limitBytes, Sink sink) {
    this.limitBytes = limitBytes;
    this.sink = sink;
  }

  /// Takes the next bytes; gives every line that they end to the sink. The array may be reused.
  public void feed(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int start = offset;
    for (int i = offset; i < end; i++) {
      if (bytes[i] == '\n') {
        endLine(bytes, start, i);
        start = i + 1;
      }
    }
    hold(bytes, start, end - start);
  }

  /// Gives the last line to the sink, if the stream did not end with `\n`.
  public void finish() {
    if (pendingLength > 0 || droppedBytes > 0) {
      endLine(pending, 0, 0);
    }
  }

  private void endLine(byte[] bytes, int from, int to) {
    if (pendingLength == 0 && to - from <= limitBytes) {
      emit(bytes, from, to, 0);
      return;
    }
    hold(bytes, from, to - from);
    int kept = pendingLength;
    if (droppedBytes > 0) {
      kept = characterBoundary(pending, kept);
    }
    emit(pending, 0, kept, droppedBytes + (pendingLength - kept));
    pendingLength = 0;
    droppedBytes = 0;
    if (pending.length > KEPT_BUFFER_BYTES) {
      pending = new byte[256];
    }
  }

  private void hold(byte[] bytes, int from, int length) {
    int taken = Math.min(length, limitBytes - pendingLength);
    if (taken > 0) {
      int needed = pendingLength + taken;
      if (needed > pending.length) {
        long doubled = Math.min(limitBytes, 2L * pending.length);
        pending = Arrays.copyOf(pending, Math.max(needed, (int) doubled));
      }
      System.arraycopy(bytes, from, pending, pendingLength, taken);
      pendingLength = needed;
    }
    droppedBytes += length - taken;
  }

  private void emit(byte[] bytes, int from, int to, long dropped) {
    int end = dropped == 0 && to > from && bytes[to - 1] == '\r' ? to - 1 : to;
    String text = new String(bytes, from, end - from, StandardCharsets.UTF_8);
    sink.line(text.indexOf('\0') < 0 ? text : text.replace('\0', REPLACEMENT), dropped);
  }

  /// The last index, at most 3 before `end`, where no character is cut in two.
  private static int characterBoundary(byte[] bytes, int end) {
    for (int back = 1; back <= Math.min(4, end); back++) {
      int lead = bytes[end - back] & 0xFF;
      if (lead < 0x80) {
        return end;
      }
      if (lead >= 0xC0) {
        int size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        return size > back ? end - back : end;
      }
    }
    return end;
  }
}
