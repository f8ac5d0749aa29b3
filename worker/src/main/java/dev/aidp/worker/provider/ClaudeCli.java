package dev.aidp.worker.provider;

import dev.aidp.core.job.Permissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Claude Code, in its print mode with a stream of JSON events.
final class ClaudeCli implements AgentCli {
  private static final String READ_ONLY_TOOLS = "Read,Grep,Glob,LS,NotebookRead";

  @Override
  public String name() {
    return "claude";
  }

  @Override
  public boolean choosesSession() {
    return true;
  }

  @Override
  public List<String> arguments(AgentCall call) {
    List<String> arguments =
        new ArrayList<>(List.of("-p", "--output-format", "stream-json", "--verbose"));
    String model = call.model();
    if (model != null) {
      arguments.addAll(List.of("--model", noOption("model", model)));
    }
    String session = call.sessionId();
    if (session != null) {
      arguments.add(call.resumed() ? "--resume" : "--session-id");
      arguments.add(noOption("session", session));
    }
    arguments.addAll(
        switch (call.permissions()) {
          case READ -> List.of("--permission-mode", "default", "--allowedTools", READ_ONLY_TOOLS);
          case EDIT -> List.of("--permission-mode", "acceptEdits");
          case ALL -> List.of("--permission-mode", "bypassPermissions");
        });
    return arguments;
  }

  /// A model may come from SQL, and must not turn into a flag.
  private static String noOption(String what, String value) {
    if (value.startsWith("-") || value.isBlank()) {
      throw new IllegalArgumentException("'" + value + "' is no " + what);
    }
    return value;
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
