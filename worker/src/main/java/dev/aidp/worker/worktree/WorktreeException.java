package dev.aidp.worker.worktree;

/// A worktree can't be made or looked into; the message says why, in one line for the user.
public final class WorktreeException extends Exception {
  private static final long serialVersionUID = 1L;

  WorktreeException(String message) {
    super(message);
  }
}
