package dev.aidp.bench;

import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import dev.aidp.worker.provider.Attempt;
import dev.aidp.worker.provider.Provider;

/// A job that does nothing, so that only the queue is measured.
final class NoopProvider implements Provider {
  /// A name of the kind that is run as a command: no lease is marked before it begins.
  static final String NAME = "task";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Outcome run(Attempt attempt) {
    return new Outcome.Completed(Figures.NONE);
  }

  @Override
  public boolean leavesArtifacts() {
    return false;
  }
}
