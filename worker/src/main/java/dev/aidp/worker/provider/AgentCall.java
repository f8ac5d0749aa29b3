package dev.aidp.worker.provider;

import dev.aidp.core.job.AgentOptions;
import dev.aidp.core.job.Permissions;
import dev.aidp.core.job.Usage;
import dev.aidp.core.text.Timestamps;
import dev.aidp.db.queue.EarlierExecution;
import org.jspecify.annotations.Nullable;

/// One call of an agent CLI.
///
/// @param provider what users call it
/// @param sessionId the session to begin or to continue; null: one that the CLI names itself
/// @param resumed whether the session exists already
/// @param usedBefore what earlier executions of the job used in that session
/// @param earlier the execution whose session is continued, or was to be; null: there was none
/// @param followUp what is said instead of the task in a session that knows it; null: nothing
record AgentCall(
    String provider,
    String prompt,
    @Nullable String model,
    Permissions permissions,
    AgentOptions options,
    @Nullable String sessionId,
    boolean resumed,
    Usage usedBefore,
    @Nullable EarlierExecution earlier,
    @Nullable String followUp) {

  AgentCall withPrompt(String other) {
    return new AgentCall(
        provider,
        other,
        model,
        permissions,
        options,
        sessionId,
        resumed,
        usedBefore,
        earlier,
        followUp);
  }

  /// What is said to the agent. One that goes on after a crash, a limit or an error has perhaps
  /// been told its task, and has perhaps done a part of it.
  String input() {
    if (followUp != null) {
      return resumed ? followUp : prompt + "\n\n" + followUp;
    }
    if (earlier == null && !resumed) {
      return prompt;
    }
    StringBuilder note = new StringBuilder();
    if (resumed) {
      note.append("[aidp] This session was interrupted").append(when()).append(".\n");
    } else {
      note.append("[aidp] An earlier session worked on this task and cannot be continued. It ended")
          .append(when())
          .append(".\n");
    }
    if (earlier != null && earlier.running() != null) {
      note.append("It was running then: ")
          .append(shown(earlier.running()))
          .append("\nIt is not known whether that had its effect.\n");
    }
    if (earlier != null && !resumed && earlier.lastWords() != null) {
      note.append("The last that it said: ").append(shown(earlier.lastWords())).append('\n');
    }
    note.append(
            "Look at what is there, then go on with the task; do not repeat what is done already.")
        .append(resumed ? " The task was:" : " The task is:");
    return note.append("\n\n").append(prompt).toString();
  }

  private String when() {
    return earlier == null
        ? ""
        : " at %s: %s".formatted(Timestamps.format(earlier.endedAt()), shown(earlier.why()));
  }

  private static String shown(String text) {
    return RawText.line(text);
  }
}
