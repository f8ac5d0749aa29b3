package dev.aidp.bench;

import dev.aidp.core.job.JobSpec;
import dev.aidp.core.job.Permissions;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import dev.aidp.worker.provider.Attempt;
import dev.aidp.worker.provider.Provider;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A job that does nothing, so that only the queue is measured.
final class NoopProvider implements Provider {
  /// A name of the kind that is run as a command: no lease is marked before it begins.
  static final String NAME = "task";

  /// A job for it, as a command line would queue it.
  static JobSpec job() {
    return new JobSpec(
        "bench",
        null,
        null,
        new JobSpec.Work(NAME, null, "nothing", List.of(), Permissions.EDIT, List.of(), "bench"),
        new JobSpec.Place(Path.of("/tmp"), "bench", null),
        new JobSpec.Limits(1, 3, null, null, true),
        new JobSpec.Schedule(0, null, null),
        null,
        List.of(),
        Map.of());
  }

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
