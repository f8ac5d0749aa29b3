package dev.aidp.cli.output;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// A stream whose failures end the command instead of vanishing, as they do in a [PrintStream].
final class GuardedOutput extends OutputStream {
  private final OutputStream target;

  private GuardedOutput(OutputStream target) {
    this.target = target;
  }

  static PrintStream print(OutputStream target) {
    return new PrintStream(new GuardedOutput(target), false, StandardCharsets.UTF_8);
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    try {
      target.write(bytes, offset, length);
    } catch (IOException e) {
      throw new OutputFailure(e);
    }
  }

  @Override
  public void flush() {
    try {
      target.flush();
    } catch (IOException e) {
      throw new OutputFailure(e);
    }
  }
}
