package dev.aidp.worker.provider;

import dev.aidp.core.job.Usage;
import dev.aidp.db.queue.ClaimedJob;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a provider is given to run one execution.
///
/// @param usedBefore what earlier executions of the job used in the session that it continues
/// @param workspace an existing directory
/// @param environment the complete environment of a child process, without the supervision marker
/// @param events where everything that happens goes, as it happens
/// @param stop asked for on cancel, timeout, shutdown and loss of the lease
/// @param processes starts child processes under supervision
/// @param followUp what to say to an agent that has done its task before; null: it is to do it
public record Attempt(
    ClaimedJob job,
    Usage usedBefore,
    Path workspace,
    Map<String, String> environment,
    Events events,
    StopSignal stop,
    ProcessRunner processes,
    @Nullable FollowUp followUp) {
  public Attempt {
    environment = Map.copyOf(environment);
  }

  public Attempt(
      ClaimedJob job,
      Usage usedBefore,
      Path workspace,
      Map<String, String> environment,
      Events events,
      StopSignal stop,
      ProcessRunner processes) {
    this(job, usedBefore, workspace, environment, events, stop, processes, null);
  }

  /// A further message in the session of a task that was done.
  ///
  /// @param number of times that another answer was asked for in this execution, from 1; 0: an
  ///   earlier execution's result was rejected
  public record FollowUp(int number, String text) {}

  /// The same with another task, or in another place.
  public Attempt with(ClaimedJob otherJob, Path directory, Map<String, String> otherEnvironment) {
    return new Attempt(
        otherJob, usedBefore, directory, otherEnvironment, events, stop, processes, followUp);
  }

  /// The same as a further message.
  ///
  /// @param used in the session until now
  public Attempt following(FollowUp message, ClaimedJob otherJob, Usage used) {
    return new Attempt(otherJob, used, workspace, environment, events, stop, processes, message);
  }
}
