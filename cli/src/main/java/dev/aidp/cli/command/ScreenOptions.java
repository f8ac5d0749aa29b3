package dev.aidp.cli.command;

import picocli.CommandLine.Option;

/// The options of the live screens.
final class ScreenOptions {
  @Option(names = "--no-worker", description = "Start no background worker")
  boolean noWorker;

  @Option(names = "--ascii", description = "Show nothing but ASCII")
  boolean ascii;

  @Option(names = "--notify", description = "Ring when a job has ended")
  boolean notify;

  @Option(names = "--accessible", description = "Show lines and numbers instead of a screen")
  boolean accessible;
}
