package dev.aidp.worker.provider;

import dev.aidp.core.job.Usage;
import dev.aidp.db.queue.ClaimedJob;
import java.nio.file.Path;
import java.util.Map;

/// What a provider is given to run one execution.
///
/// @param usedBefore what earlier executions of the job used in the session that it continues
/// @param workspace an existing directory
/// @param environment the complete environment of a child process, without the supervision marker
/// @param events where everything that happens goes, as it happens
/// @param stop asked for on cancel, timeout, shutdown and loss of the lease
/// @param processes starts child processes under supervision
public record Attempt(
    ClaimedJob job,
    Usage usedBefore,
    Path workspace,
    Map<String, String> environment,
    Events events,
    StopSignal stop,
    ProcessRunner processes) {
  public Attempt {
    environment = Map.copyOf(environment);
  }
}
