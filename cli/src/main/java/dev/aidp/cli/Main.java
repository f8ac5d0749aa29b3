package dev.aidp.cli;

import dev.aidp.cli.command.CommandTree;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Streams;
import dev.aidp.cli.output.Terminals;
import dev.aidp.cli.session.Session;
import dev.aidp.cli.training.Training;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// The program `aidp`.
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Streams streams =
        new Streams(
            new FileInputStream(FileDescriptor.in),
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
            new FileOutputStream(FileDescriptor.err),
            Terminals.isTerminal(0),
            Terminals.isTerminal(1),
            Terminals.isTerminal(2));
    Path directory = Path.of("").toAbsolutePath();
    int exitCode = run(arguments, streams, callersEnvironment(), directory);
    if (Boolean.getBoolean("aidp.training")) {
      Training.run(Main::run);
    }
    // Other threads, such as a driver's, must not keep a finished command alive.
    System.exit(exitCode);
  }

  /// Runs one command on streams of which none is a terminal.
  ///
  /// @param environment all that it sees of the environment
  /// @param directory absolute: where it is called
  /// @return the exit code
  public static int run(
      String[] arguments,
      InputStream in,
      PrintStream out,
      PrintStream err,
      Map<String, String> environment,
      Path directory) {
    return run(arguments, Streams.piped(in, out, err), environment, directory);
  }

  /// As the other one, on any streams.
  public static int run(
      String[] arguments, Streams streams, Map<String, String> environment, Path directory) {
    Console console = new Console(streams, environment);
    try (Session session = new Session(console, environment, directory)) {
      return new CommandTree(session).run(arguments);
    }
  }

  /// The launcher sets LC_ALL where Java would else not read its arguments as UTF-8; jobs get back
  /// what the caller had.
  private static Map<String, String> callersEnvironment() {
    String locale = System.getProperty("aidp.locale");
    if (locale == null) {
      return System.getenv();
    }
    Map<String, String> environment = new HashMap<>(System.getenv());
    if (locale.startsWith("LC_ALL=")) {
      environment.put("LC_ALL", locale.substring("LC_ALL=".length()));
    } else {
      environment.remove("LC_ALL");
    }
    return environment;
  }
}
