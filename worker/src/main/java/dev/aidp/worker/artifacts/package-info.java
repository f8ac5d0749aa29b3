/// The files that a run leaves in its workspace: metadata, logs, tool calls. The database is the
/// truth, they follow it.
@NullMarked
package dev.aidp.worker.artifacts;

import org.jspecify.annotations.NullMarked;
