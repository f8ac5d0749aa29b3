package dev.aidp.cli.output;

import java.io.InputStream;
import java.io.OutputStream;

/// The three standard streams, and which of them are terminals.
public record Streams(
    InputStream in,
    OutputStream out,
    OutputStream err,
    boolean inIsTerminal,
    boolean outIsTerminal,
    boolean errIsTerminal) {

  /// Streams of which none is a terminal.
  public static Streams piped(InputStream in, OutputStream out, OutputStream err) {
    return new Streams(in, out, err, false, false, false);
  }
}
