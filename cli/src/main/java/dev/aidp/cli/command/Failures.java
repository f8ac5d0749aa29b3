package dev.aidp.cli.command;

import dev.aidp.cli.job.Usage;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.OutputFailure;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Turns what went wrong into a message and an exit code. A stack trace is only shown where
/// `AIDP_DEBUG` asks for it.
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private static final int INTERRUPTED = 130;
  private static final int SUGGESTIONS = 3;

  /// How picocli names a parameter: its place says nothing to who typed it.
  private static final Pattern POSITION =
      Pattern.compile("positional parameter at index [0-9.*+]+ \\(([^)]*)\\)");

  private final Console console;

  Failures(Session session) {
    this.console = session.console();
  }

  /// Catches what happens outside of a command, such as when help is printed.
  int guard(IntSupplier program) {
    try {
      int exitCode = program.getAsInt();
      console.out().flush();
      return exitCode;
    } catch (RuntimeException e) {
      return handle(e, null);
    }
  }

  @Override
  public int handleExecutionException(
      Exception exception, CommandLine commandLine, @Nullable ParseResult fullParseResult) {
    return handle(exception, commandLine);
  }

  @Override
  public int handleParseException(ParameterException exception, String[] arguments) {
    CommandLine commandLine = exception.getCommandLine();
    if (exception instanceof UnmatchedArgumentException unmatched) {
      return usage(unmatched(unmatched), suggestion(unmatched), commandLine);
    }
    String message = String.valueOf(exception.getMessage());
    return usage(POSITION.matcher(message).replaceFirst("$1"), null, commandLine);
  }

  private static String unmatched(UnmatchedArgumentException exception) {
    String word = exception.getUnmatched().getFirst();
    if (exception.isUnknownOption()) {
      return "Unknown option: '" + word + "'";
    }
    return exception.getCommandLine().getSubcommands().isEmpty()
        ? "Unexpected argument: '" + word + "'"
        : "Unknown command: '" + word + "'";
  }

  private static @Nullable String suggestion(UnmatchedArgumentException exception) {
    String word = bare(exception.getUnmatched().getFirst());
    List<String> near =
        exception.getSuggestions().stream()
            .filter(name -> isNear(word, bare(name)))
            .limit(SUGGESTIONS)
            .toList();
    return near.isEmpty() ? null : "Did you mean " + String.join(" or ", near) + "?";
  }

  /// Picocli's own idea of likeness goes from frobnicate to cancel.
  private static boolean isNear(String word, String name) {
    return !word.isEmpty()
        && !name.isEmpty()
        && word.charAt(0) == name.charAt(0)
        && Math.abs(word.length() - name.length()) <= 2;
  }

  private static String bare(String name) {
    return name.replaceFirst("^-+", "");
  }

  private int handle(Exception exception, @Nullable CommandLine commandLine) {
    flushData();
    return switch (exception) {
      case OutputFailure failure -> output(failure);
      case InterruptedException _ -> INTERRUPTED;
      case Usage usage -> usage(String.valueOf(usage.getMessage()), usage.remedy(), commandLine);
      case AidpException failure -> failure(failure);
      default -> defect(exception);
    };
  }

  /// What was printed before the failure belongs to the user.
  private void flushData() {
    try {
      console.out().flush();
    } catch (OutputFailure e) {
      console.debug("stdout takes no more: " + e.getMessage());
    }
  }

  private int output(OutputFailure failure) {
    if (failure.readerLeft()) {
      return 0;
    }
    console.warn("Writing the output failed: " + failure.getMessage());
    return ErrorCategory.INTERNAL.exitCode();
  }

  private int usage(String message, @Nullable String remedy, @Nullable CommandLine commandLine) {
    console.warn(message);
    if (remedy != null) {
      console.note("  " + remedy);
    }
    String name = commandLine == null ? "aidp" : commandLine.getCommandSpec().qualifiedName();
    console.note("  Type `" + name + " --help` for usage");
    return ErrorCategory.USAGE.exitCode();
  }

  private int failure(AidpException failure) {
    return report(console, failure);
  }

  /// Prints what failed, for a command that goes on with the next of its arguments.
  ///
  /// @return its exit code
  static int report(Console console, AidpException failure) {
    console.warn(String.valueOf(failure.getMessage()));
    if (failure.remedy() != null) {
      console.note("  " + failure.remedy());
    }
    trace(console, failure);
    return failure.category().exitCode();
  }

  private int defect(Exception exception) {
    String message = exception.getMessage();
    console.warn(
        "This should not have happened: "
            + exception.getClass().getSimpleName()
            + (message == null ? "" : ": " + message));
    console.note("  Set AIDP_DEBUG=1 to see where, and report it");
    trace(console, exception);
    return ErrorCategory.INTERNAL.exitCode();
  }

  private static void trace(Console console, Exception exception) {
    if (console.debug()) {
      exception.printStackTrace(console.err());
    }
  }
}
