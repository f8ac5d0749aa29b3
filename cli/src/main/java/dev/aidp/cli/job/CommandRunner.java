package dev.aidp.cli.job;

/// Runs a command of this program within it.
@FunctionalInterface
public interface CommandRunner {
  /// What a command printed, and its exit code.
  record Printed(int exitCode, String out, String err) {}

  Printed run(String stdin, String... arguments);
}
