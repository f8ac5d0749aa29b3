package dev.aidp.worker.provider;

import dev.aidp.core.job.Permissions;
import java.util.List;
import java.util.Map;

/// Cursor's agent, in its print mode with a stream of JSON events. It takes its prompt as an
/// argument.
final class CursorCli implements AgentCli {
  @Override
  public String name() {
    return "cursor";
  }

  @Override
  public boolean choosesSession() {
    return false;
  }

  @Override
  public boolean readsStdin() {
    return false;
  }

  @Override
  public List<String> arguments(AgentCall call) {
    Arguments arguments = new Arguments().add("-p", "--output-format", "stream-json", "--trust");
    if (call.permissions() != Permissions.READ) {
      arguments.add("--force");
    }
    arguments.option("--model", "model", call.model());
    if (call.resumed()) {
      arguments.option("--resume", "session", call.sessionId());
    }
    arguments.add(call.options().arguments());
    String input = call.input();
    // With a blank before it, a prompt is never taken for a flag.
    return arguments.add(input.startsWith("-") ? " " + input : input).words();
  }

  @Override
  public void prepare(AgentCall call, Map<String, String> environment) {
    // It needs nothing.
  }

  @Override
  public AgentStream stream(AgentCall call, Events events) {
    return new CursorStream(call, events);
  }
}
