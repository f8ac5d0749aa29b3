package dev.aidp.worker.process;

import java.time.Instant;

/// A process that carries the marker of an execution.
///
/// @param pid its pid
/// @param marker the execution that it was started by
/// @param startedAt when it started; the epoch where the system does not tell
public record Stray(long pid, ExecutionMarker marker, Instant startedAt) {}
