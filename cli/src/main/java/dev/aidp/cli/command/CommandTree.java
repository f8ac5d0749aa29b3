package dev.aidp.cli.command;

import dev.aidp.cli.session.Session;
import dev.aidp.db.read.CountUnserved;
import java.io.PrintWriter;
import java.io.StringWriter;
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
  private static final int MANY = 10_000;

  private final Session session;
  private final Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
  private final Map<String, Map<String, Supplier<Object>>> groups = new LinkedHashMap<>();

  public CommandTree(Session session) {
    this.session = session;
    commands.put("prompt", () -> new PromptCommand(session));
    commands.put("exec", () -> new ExecCommand(session));
    commands.put("run", () -> new RunCommand(session));
    commands.put("runs", () -> new RunsCommand(session));
    commands.put("execute", () -> new ExecuteCommand(session));
    commands.put("analyze", () -> new AnalyzeCommand(session));
    commands.put("validate", () -> new ValidateCommand(session));
    commands.put("jobs", () -> new JobsCommand(session));
    commands.put("worker", () -> new WorkerCommand(session));
    commands.put("workers", () -> new WorkersCommand(session));
    commands.put("unpause", () -> new UnpauseCommand(session));
    commands.put("status", () -> new StatusCommand(session));
    commands.put("approve", () -> new ApproveCommand(session));
    commands.put("reject", () -> new RejectCommand(session));
    commands.put("reset", () -> new ResetCommand(session));
    commands.put("usage", () -> new UsageCommand(session));
    commands.put("db", () -> new DbCommand(session));
    commands.put("detect", () -> new DetectCommand(session));
    commands.put("doctor", () -> new DoctorCommand(session));
    commands.put("trust", () -> new TrustCommand(session));
    commands.put(
        "completion",
        () ->
            new CompletionCommand(
                session, () -> commandLine(new String[0], new Failures(session))));
    Map<String, Supplier<Object>> jobs = groups.computeIfAbsent("jobs", _ -> new LinkedHashMap<>());
    jobs.put("list", () -> new JobsListCommand(session));
    jobs.put("show", () -> new JobsShowCommand(session));
    jobs.put("result", () -> new JobsResultCommand(session));
    jobs.put("logs", () -> new JobsLogsCommand(session));
    jobs.put("wait", () -> new JobsWaitCommand(session));
    jobs.put("retry", () -> new JobsRetryCommand(session));
    jobs.put("resume", () -> new JobsResumeCommand(session));
    jobs.put("cancel", () -> new JobsCancelCommand(session));
    Map<String, Supplier<Object>> runs = groups.computeIfAbsent("runs", _ -> new LinkedHashMap<>());
    runs.put("list", () -> new RunsListCommand(session));
    runs.put("show", () -> new RunsShowCommand(session));
    runs.put("resume", () -> new RunsResumeCommand(session));
    runs.put("rerun", () -> new RunsRerunCommand(session));
    runs.put("cancel", () -> new RunsCancelCommand(session));
    runs.put("export", () -> new RunsExportCommand(session));
    Map<String, Supplier<Object>> db = groups.computeIfAbsent("db", _ -> new LinkedHashMap<>());
    db.put("migrate", () -> new DbMigrateCommand(session));
    db.put("status", () -> new DbStatusCommand(session));
    db.put("prune", () -> new DbPruneCommand(session));
    db.put("start", () -> new DbServerCommands.Start(session));
    db.put("stop", () -> new DbServerCommands.Stop(session));
    db.put("url", () -> new DbServerCommands.Url(session));
  }

  /// @return the exit code
  public int run(String[] arguments) {
    Failures failures = new Failures(session);
    int exitCode = failures.guard(() -> execute(arguments, failures));
    if (session.usedDatabase() && !session.mayStartWorkers() && !isWorker(arguments)) {
      failures.guard(this::noteUnserved);
    }
    return exitCode;
  }

  /// Help and version are printed from here: where picocli's own printing fails, as in `aidp --help
  /// | head -1`, it shows a stack trace.
  private int execute(String[] arguments, Failures failures) {
    StringWriter help = new StringWriter();
    int exitCode =
        commandLine(arguments, failures).setOut(new PrintWriter(help)).execute(arguments);
    session.console().out().print(help);
    return exitCode;
  }

  private static boolean isWorker(String[] arguments) {
    List<String> words = words(arguments);
    return !words.isEmpty() && words.getFirst().equals("worker");
  }

  /// Where no worker is started, nobody else would tell that one is missing.
  private int noteUnserved() {
    int queued =
        session
            .database()
            .call(connection -> CountUnserved.count(connection, session.hostLabel(), MANY + 1));
    if (queued > 0) {
      session.console().note((queued > MANY ? "more than " + MANY : queued) + " queued, no worker");
    }
    return 0;
  }

  private CommandLine commandLine(String[] arguments, Failures failures) {
    List<String> words = words(arguments);
    CommandLine root = new CommandLine(new AidpCommand(session));
    add(root, commands, words.isEmpty() ? "" : words.getFirst());
    groups.forEach((name, members) -> {
      CommandLine group = root.getSubcommands().get(name);
      if (group != null) {
        add(group, members, words.size() < 2 ? "" : words.get(1));
      }
    });
    Parsing.configure(root);
    CommandLine exec = root.getSubcommands().get("exec");
    if (exec != null) {
      // What follows the command's first word is the command's own, with `--` or without.
      exec.setStopAtPositional(true);
    }
    root.setExecutionStrategy(new CommandLine.RunLast());
    root.setExecutionExceptionHandler(failures);
    root.setParameterExceptionHandler(failures);
    root.setErr(new PrintWriter(session.console().err(), true, StandardCharsets.UTF_8));
    root.setColorScheme(
        Help.defaultColorScheme(session.console().color() ? Help.Ansi.ON : Help.Ansi.OFF));
    return root;
  }

  /// Adds the command that the word names, or all of them where it names none.
  private static void add(CommandLine parent, Map<String, Supplier<Object>> commands, String word) {
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
