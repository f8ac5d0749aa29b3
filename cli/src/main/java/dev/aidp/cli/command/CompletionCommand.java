package dev.aidp.cli.command;

import dev.aidp.cli.job.Usage;
import dev.aidp.cli.session.Session;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `aidp completion`.
@Command(
    name = "completion",
    description = {
      "Print a script that lets your shell complete aidp's commands and options.",
      "The script is fast, for it asks nobody: print it again after an update."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  eval \"$(aidp completion bash)\"     for this shell; or in ~/.bashrc",
      "  eval \"$(aidp completion zsh)\"      for this shell; or in ~/.zshrc, after compinit"
    })
final class CompletionCommand implements Callable<Integer> {
  private final Session session;
  private final Supplier<CommandLine> everything;

  @Parameters(paramLabel = "bash|zsh", description = "The shell")
  String shell = "";

  /// @param everything all commands with all their options
  CompletionCommand(Session session, Supplier<CommandLine> everything) {
    this.session = session;
    this.everything = everything;
  }

  @Override
  public Integer call() {
    PrintStream out = session.console().out();
    switch (shell) {
      case "bash" -> {}
      case "zsh" -> out.println("autoload -U +X bashcompinit && bashcompinit");
      default -> throw new Usage("there is no completion for '" + shell + "'", "It is bash or zsh");
    }
    out.println(AutoComplete.bash("aidp", everything.get()));
    // The same program by its short name.
    out.println("complete -F _complete_aidp -o default p");
    return 0;
  }
}
