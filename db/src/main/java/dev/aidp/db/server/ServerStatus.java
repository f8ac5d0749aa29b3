package dev.aidp.db.server;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What can be said of the embedded server without starting it.
///
/// @param pid null unless it runs
/// @param port null unless it runs
/// @param stoppedOnPurpose whether `stop` was the last thing said to it
public record ServerStatus(
    State state,
    @Nullable Long pid,
    @Nullable Integer port,
    Path dataDirectory,
    Path logFile,
    boolean stoppedOnPurpose) {

  public enum State {
    /// It was never started.
    ABSENT,
    STOPPED,
    /// It is starting, recovering or stopping.
    CHANGING,
    RUNNING,
    /// Another machine or container that shares `AIDP_HOME` runs it, or may do so.
    ELSEWHERE
  }
}
