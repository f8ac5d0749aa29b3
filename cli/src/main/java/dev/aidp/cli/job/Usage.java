package dev.aidp.cli.job;

import java.io.Serial;

/// The command line asks for something that makes no sense: exit code 2.
public final class Usage extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final String remedy;

  /// @param remedy what to do instead, one line
  public Usage(String message, String remedy) {
    super(message);
    this.remedy = remedy;
  }

  public String remedy() {
    return remedy;
  }
}
