package dev.aidp.worker.provider;

import dev.aidp.core.job.Usage;
import dev.aidp.db.queue.ClaimedJob;
import dev.aidp.db.queue.EarlierExecution;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a provider is given to run one execution.
///
/// @param session what is known of the agent's session; [Session#NONE] for other providers
/// @param workspace an existing directory
/// @param environment the complete environment of a child process, without the supervision marker
/// @param events where everything that happens goes, as it happens
/// @param stop asked for on cancel, timeout, shutdown and loss of the lease
/// @param processes starts child processes under supervision
/// @param leftUsd what the execution may cost; null: any amount
/// @param followUp what to say to an agent that has done its task before; null: it is to do it
public record Attempt(
    ClaimedJob job,
    Session session,
    Path workspace,
    Map<String, String> environment,
    Events events,
    StopSignal stop,
    ProcessRunner processes,
    @Nullable BigDecimal leftUsd,
    @Nullable FollowUp followUp) {
  public Attempt {
    environment = Map.copyOf(environment);
  }

  public Attempt(
      ClaimedJob job,
      Session session,
      Path workspace,
      Map<String, String> environment,
      Events events,
      StopSignal stop,
      ProcessRunner processes,
      @Nullable BigDecimal leftUsd) {
    this(job, session, workspace, environment, events, stop, processes, leftUsd, null);
  }

  /// A further message in the session of a task that was done.
  ///
  /// @param number of times that another answer was asked for in this execution, from 1; 0: an
  ///   earlier execution's result was rejected
  public record FollowUp(int number, String text) {}

  /// The same with another task, or in another place.
  public Attempt with(ClaimedJob otherJob, Path directory, Map<String, String> otherEnvironment) {
    return new Attempt(
        otherJob, session, directory, otherEnvironment, events, stop, processes, leftUsd, followUp);
  }

  /// The same as a further message.
  ///
  /// @param used in the session until now
  public Attempt following(FollowUp message, ClaimedJob otherJob, Usage used) {
    return new Attempt(
        otherJob,
        new Session(session.chosenId(), used, session.earlier()),
        workspace,
        environment,
        events,
        stop,
        processes,
        leftUsd,
        message);
  }

  /// The agent's session, beside [ClaimedJob#sessionId()], which names the one to continue.
  ///
  /// @param chosenId stored already as the id of a new one; null if the provider chooses none, or
  ///   if one is continued
  /// @param usedBefore what earlier executions of the job used in the one that is continued
  /// @param earlier the execution whose session is continued; null: none is
  public record Session(
      @Nullable String chosenId, Usage usedBefore, @Nullable EarlierExecution earlier) {
    public static final Session NONE = new Session(null, Usage.NONE, null);
  }
}
