package dev.aidp.db.queue;

import java.util.UUID;

/// What a write-back must name to be believed: the execution and its random token. An execution
/// that was declared dead has no row under this name any more.
public record LeaseRef(long jobId, long executionId, UUID token) {}
