package dev.aidp.cli.job;

import dev.aidp.cli.session.Session;
import java.util.List;

/// Sees to it that a live worker of this host takes what was queued.
public final class BackgroundWorker {
  private final Session session;
  private final boolean allowed;

  private BackgroundWorker(Session session, boolean allowed) {
    this.session = session;
    this.allowed = allowed;
  }

  /// @param allowed false: `--no-worker`
  public static BackgroundWorker of(Session session, boolean allowed) {
    return new BackgroundWorker(session, allowed && session.variables().autoWorker());
  }

  /// Starts or enlarges a worker if one of the jobs needs that. Never fails the command: a job that
  /// is queued stays queued.
  public void ensureFor(List<Long> jobIds) throws InterruptedException {
    if (!allowed) {
      return;
    }
    session.console().debug("no background worker yet for " + jobIds);
  }
}
