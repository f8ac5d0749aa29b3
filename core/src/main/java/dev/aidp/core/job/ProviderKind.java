package dev.aidp.core.job;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a crash, a retry and a default limit mean for a job depends on this.
public enum ProviderKind {
  /// An AI agent: three attempts, a session that can be resumed.
  AGENT,
  /// A command (`shell`, `task`, `gate`), or an approval: one attempt, run again after a crash.
  COMMAND;

  /// The kind that a provider's name stands for; every name that is no command is an agent.
  public static ProviderKind of(String provider) {
    return switch (provider) {
      case "shell", "task", "gate", "approval" -> COMMAND;
      default -> AGENT;
    };
  }

  /// Wall clock of one execution unless the user says otherwise; null: no limit.
  public @Nullable Duration defaultTimeout() {
    return this == AGENT ? Duration.ofHours(4) : null;
  }

  /// How long an execution may say nothing unless the user says otherwise; null: no limit.
  public @Nullable Duration defaultStallTimeout() {
    return this == AGENT ? Duration.ofMinutes(30) : null;
  }

  /// Executions that are charged to a job unless the user says otherwise.
  public int defaultMaxAttempts() {
    return this == AGENT ? 3 : 1;
  }
}
