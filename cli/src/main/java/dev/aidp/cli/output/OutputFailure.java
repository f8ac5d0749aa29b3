package dev.aidp.cli.output;

import java.io.IOException;
import java.io.Serial;

/// Stdout took no more: whoever read it went away, or its disk is full.
public final class OutputFailure extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  OutputFailure(IOException cause) {
    super(cause.getMessage(), cause);
  }

  /// Whether the reader left, as `head` does: no failure of ours, and nothing to complain about.
  public boolean readerLeft() {
    String message = getMessage();
    return message != null
        && (message.contains("Broken pipe") || message.contains("Stream closed"));
  }
}
