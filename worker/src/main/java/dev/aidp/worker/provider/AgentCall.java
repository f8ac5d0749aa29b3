package dev.aidp.worker.provider;

import dev.aidp.core.job.Permissions;
import dev.aidp.core.job.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One call of an agent CLI.
///
/// @param sessionId the session to begin or to continue; null: one that the CLI names itself
/// @param resumed whether the session exists already
/// @param usedBefore what earlier executions of the job used in that session
/// @param tools the only ones that it may use; empty: as the permissions have it
/// @param followUp what is said instead of the task in a session that knows it; null: nothing
record AgentCall(
    String prompt,
    @Nullable String model,
    Permissions permissions,
    @Nullable String sessionId,
    boolean resumed,
    Usage usedBefore,
    List<String> tools,
    @Nullable String followUp) {
  AgentCall {
    tools = List.copyOf(tools);
  }

  AgentCall withPrompt(String other) {
    return new AgentCall(
        other, model, permissions, sessionId, resumed, usedBefore, tools, followUp);
  }

  /// What is said to the agent. One that continues a session after a crash, a limit or an error has
  /// perhaps been told its task, and has perhaps done a part of it.
  String input() {
    if (followUp != null) {
      return resumed ? followUp : prompt + "\n\n" + followUp;
    }
    return resumed
        ? "This session was interrupted. Go on with the task where it stands, and do not repeat what"
            + " is done already. The task was:\n\n"
            + prompt
        : prompt;
  }
}
