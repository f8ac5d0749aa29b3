package dev.aidp.cli.command;

import dev.aidp.cli.session.Session;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Help;

/// All commands by name. Only those are made that a command line can mean: picocli reads every
/// class that it is given by reflection, which costs more than most commands.
public final class CommandTree {
  private final Session session;
  private final Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
  private final Map<String, Supplier<Object>> jobCommands = new LinkedHashMap<>();

  public CommandTree(Session session) {
    this.session = session;
    commands.put("prompt", () -> new PromptCommand(session));
    commands.put("exec", () -> new ExecCommand(session));
    commands.put("worker", () -> new WorkerCommand(session));
    commands.put("jobs", () -> new JobsCommand(session));
    jobCommands.put("list", () -> new JobsListCommand(session));
    jobCommands.put("show", () -> new JobsShowCommand(session));
    jobCommands.put("result", () -> new JobsResultCommand(session));
    jobCommands.put("logs", () -> new JobsLogsCommand(session));
    jobCommands.put("wait", () -> new JobsWaitCommand(session));
    jobCommands.put("retry", () -> new JobsRetryCommand(session));
    jobCommands.put("resume", () -> new JobsResumeCommand(session));
    jobCommands.put("cancel", () -> new JobsCancelCommand(session));
  }

  /// @return the exit code
  public int run(String[] arguments) {
    Failures failures = new Failures(session);
    return failures.guard(() -> commandLine(arguments, failures).execute(arguments));
  }

  private CommandLine commandLine(String[] arguments, Failures failures) {
    List<String> words = words(arguments);
    CommandLine root = new CommandLine(new AidpCommand(session));
    add(root, commands, words.isEmpty() ? "" : words.getFirst());
    CommandLine jobs = root.getSubcommands().get("jobs");
    if (jobs != null) {
      add(jobs, jobCommands, words.size() < 2 ? "" : words.get(1));
    }
    Parsing.configure(root);
    root.setExecutionStrategy(new CommandLine.RunLast());
    root.setExecutionExceptionHandler(failures);
    root.setParameterExceptionHandler(failures);
    root.setOut(new PrintWriter(session.console().out(), true, StandardCharsets.UTF_8));
    root.setErr(new PrintWriter(session.console().err(), true, StandardCharsets.UTF_8));
    root.setColorScheme(
        Help.defaultColorScheme(session.console().color() ? Help.Ansi.ON : Help.Ansi.OFF));
    return root;
  }

  /// Adds the command that the word names, or all of them where it names none.
  private static void add(
      CommandLine parent, Map<String, Supplier<Object>> commands, String word) {
    Supplier<Object> one = commands.get(word);
    if (one != null) {
      parent.addSubcommand(word, one.get());
    } else {
      commands.forEach((name, command) -> parent.addSubcommand(name, command.get()));
    }
  }

  /// The first arguments that are no options.
  private static List<String> words(String[] arguments) {
    return java.util.Arrays.stream(arguments)
        .filter(argument -> !argument.startsWith("-"))
        .limit(2)
        .toList();
  }
}
