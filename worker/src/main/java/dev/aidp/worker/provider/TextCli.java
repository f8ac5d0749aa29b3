package dev.aidp.worker.provider;

import java.util.List;
import java.util.Map;

/// Any program that reads a prompt from stdin and prints its answer.
final class TextCli implements AgentCli {
  @Override
  public String name() {
    return "text";
  }

  @Override
  public boolean choosesSession() {
    return false;
  }

  @Override
  public List<String> arguments(AgentCall call) {
    return call.options().arguments();
  }

  @Override
  public void prepare(AgentCall call, Map<String, String> environment) {
    // Nothing is known about it.
  }

  @Override
  public AgentStream stream(AgentCall call, Events events) {
    return new TextStream(call, events);
  }
}
