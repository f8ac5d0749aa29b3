package dev.aidp.worker.engine;

import dev.aidp.db.queue.ClaimedJob;
import dev.aidp.worker.provider.StopSignal;

/// An execution of this worker, from its claim until its end is stored.
///
/// @param workerId the incarnation that claimed it
record RunningExecution(ClaimedJob job, ExecutionLog log, StopSignal stop, long workerId) {}
