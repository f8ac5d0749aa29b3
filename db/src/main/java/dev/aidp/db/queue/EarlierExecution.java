package dev.aidp.db.queue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The execution before this one, as an agent that goes on has to know of it.
///
/// @param why it ended; one line or several, from whoever ended it
/// @param running the tool call that had begun and has no result; null: none
/// @param lastWords the last that the agent said, shortened; null: nothing
public record EarlierExecution(
    Instant endedAt, String why, @Nullable String running, @Nullable String lastWords) {}
