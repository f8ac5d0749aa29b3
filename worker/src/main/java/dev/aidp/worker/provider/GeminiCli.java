package dev.aidp.worker.provider;

import java.util.List;
import java.util.Map;

/// Gemini CLI, headless with a stream of JSON events.
final class GeminiCli implements AgentCli {
  @Override
  public String name() {
    return "gemini";
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
  public List<String> arguments(AgentCall call) {
    return new Arguments()
        .add("--output-format", "stream-json")
        .option("--model", "model", call.model())
        .add("--approval-mode", approvalMode(call))
        .option(call.resumed() ? "--resume" : "--session-id", "session", call.sessionId())
        .list("--allowed-tools", "list of tools", call.options().allowedTools())
        .add(call.options().arguments())
        .words();
  }

  private static String approvalMode(AgentCall call) {
    return switch (call.permissions()) {
      case READ -> "default";
      case EDIT -> "auto_edit";
      case ALL -> "yolo";
    };
  }

  @Override
  public void prepare(AgentCall call, Map<String, String> environment) {
    // Its launcher starts a second process to give it more memory, and ignores TERM meanwhile.
    environment.putIfAbsent("GEMINI_CLI_NO_RELAUNCH", "true");
    // In a folder that nobody has answered for it would do nothing; who queues a job there has.
    environment.putIfAbsent("GEMINI_CLI_TRUST_WORKSPACE", "true");
  }

  @Override
  public AgentStream stream(AgentCall call, Events events) {
    return new GeminiStream(call, events);
  }
}
