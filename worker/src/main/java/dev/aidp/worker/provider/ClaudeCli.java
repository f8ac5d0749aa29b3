package dev.aidp.worker.provider;

import dev.aidp.core.job.Permissions;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Claude Code, in its print mode with a stream of JSON events.
final class ClaudeCli implements AgentCli {
  private static final List<String> READ_ONLY_TOOLS =
      List.of("Read", "Grep", "Glob", "LS", "NotebookRead");

  @Override
  public String name() {
    return "claude";
  }

  @Override
  public boolean choosesSession() {
    return true;
  }

  @Override
  public boolean takesAllowedTools() {
    return true;
  }

  @Override
  public boolean limitsTurns() {
    return true;
  }

  @Override
  public List<String> arguments(AgentCall call) {
    Arguments arguments =
        new Arguments()
            .add("-p", "--output-format", "stream-json", "--verbose")
            .option("--model", "model", call.model())
            .option(call.resumed() ? "--resume" : "--session-id", "session", call.sessionId());
    List<String> allowed = new ArrayList<>(call.options().allowedTools());
    switch (call.permissions()) {
      case READ -> {
        arguments.add("--permission-mode", "default");
        allowed.addAll(0, READ_ONLY_TOOLS);
      }
      case EDIT -> arguments.add("--permission-mode", "acceptEdits");
      case ALL -> arguments.add("--permission-mode", "bypassPermissions");
    }
    Integer turns = call.options().maxTurns();
    return arguments
        .list("--allowedTools", "list of tools", allowed)
        .option("--max-turns", "number", turns == null ? null : turns.toString())
        .add(call.options().arguments())
        .words();
  }

  @Override
  public List<String> budget(BigDecimal leftUsd) {
    return List.of("--max-budget-usd", leftUsd.stripTrailingZeros().toPlainString());
  }

  @Override
  public void prepare(AgentCall call, Map<String, String> environment) {
    environment.put("DISABLE_AUTOUPDATER", "1");
    environment.put("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
    // Set where an agent queued this job: the CLI refuses to run inside itself.
    environment.remove("CLAUDECODE");
    environment.remove("CLAUDE_CODE_ENTRYPOINT");
    if (call.permissions() == Permissions.ALL && "root".equals(System.getProperty("user.name"))) {
      // Root may bypass permissions only where it says that it is in a sandbox.
      environment.put("IS_SANDBOX", "1");
    }
  }

  @Override
  public AgentStream stream(AgentCall call, Events events) {
    return new ClaudeStream(call, events);
  }
}
