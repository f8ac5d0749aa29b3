package dev.aidp.cli.job;

import java.io.PrintStream;

/// Says something on stderr when the process is ended by a signal while it waits. The JVM itself
/// sees to the exit code (130 after Ctrl-C).
public final class Interruption implements AutoCloseable {
  private final Thread hook;

  public Interruption(PrintStream err, String hint) {
    this.hook = new Thread(() -> err.println("\n" + hint), "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It is running already.
    }
  }
}
