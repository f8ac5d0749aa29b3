package dev.aidp.worker.provider;

import dev.aidp.core.job.AgentOptions;
import dev.aidp.core.job.Permissions;
import dev.aidp.core.job.Usage;
import org.jspecify.annotations.Nullable;

/// One call of an agent CLI.
///
/// @param provider what users call it
/// @param sessionId the session to begin or to continue; null: one that the CLI names itself
/// @param resumed whether the session exists already
/// @param usedBefore what earlier executions of the job used in that session
record AgentCall(
    String provider,
    String prompt,
    @Nullable String model,
    Permissions permissions,
    AgentOptions options,
    @Nullable String sessionId,
    boolean resumed,
    Usage usedBefore) {

  AgentCall withPrompt(String other) {
    return new AgentCall(
        provider, other, model, permissions, options, sessionId, resumed, usedBefore);
  }

  /// What is said to the agent. One that continues a session after a crash, a limit or an error has
  /// perhaps been told its task, and has perhaps done a part of it.
  String input() {
    return resumed
        ? "This session was interrupted. Go on with the task where it stands, and do not repeat what"
            + " is done already. The task was:\n\n"
            + prompt
        : prompt;
  }
}
