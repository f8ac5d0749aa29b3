package dev.aidp.worker.provider;

import java.util.List;
import java.util.Map;

/// Codex CLI, by `codex exec` with a stream of JSON events.
final class CodexCli implements AgentCli {
  @Override
  public String name() {
    return "codex";
  }

  @Override
  public boolean choosesSession() {
    return false;
  }

  @Override
  public List<String> arguments(AgentCall call) {
    Arguments arguments =
        new Arguments()
            .add("exec", "--json", "--skip-git-repo-check")
            // Without a server it would wait for one for ever. As `--disable`, a version that does
            // not know this would refuse to start.
            .add("-c", "features.unbounded_connection_retries=false")
            .add("-s", sandbox(call))
            .option("-m", "model", call.model())
            .add(call.options().arguments());
    String session = call.sessionId();
    if (call.resumed() && session != null) {
      arguments.add("resume", Arguments.noOption("session", session));
    }
    return arguments.add("-").words();
  }

  private static String sandbox(AgentCall call) {
    return switch (call.permissions()) {
      case READ -> "read-only";
      case EDIT -> "workspace-write";
      case ALL -> "danger-full-access";
    };
  }

  @Override
  public void prepare(AgentCall call, Map<String, String> environment) {
    // It needs nothing.
  }

  @Override
  public AgentStream stream(AgentCall call, Events events) {
    return new CodexStream(call, events);
  }
}
