package dev.aidp.db.queue;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A pipeline's node that a transaction has ended, however it ended.
///
/// @param placeIn the fan-out whose place it gives back; null: it held none
record EndedNode(UUID runId, @Nullable Long placeIn) {}
