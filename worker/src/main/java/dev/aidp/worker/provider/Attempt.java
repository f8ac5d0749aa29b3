package dev.aidp.worker.provider;

import dev.aidp.core.job.Usage;
import dev.aidp.db.queue.ClaimedJob;
import java.math.BigDecimal;
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
/// @param leftUsd what the execution may cost; null: any amount
public record Attempt(
    ClaimedJob job,
    Usage usedBefore,
    Path workspace,
    Map<String, String> environment,
    Events events,
    StopSignal stop,
    ProcessRunner processes,
    @Nullable BigDecimal leftUsd) {
  public Attempt {
    environment = Map.copyOf(environment);
  }
}
