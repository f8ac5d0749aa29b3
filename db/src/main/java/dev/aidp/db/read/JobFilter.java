package dev.aidp.db.read;

import dev.aidp.core.job.JobStatus;
import dev.aidp.db.read.ReadJobs.UuidRange;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which jobs somebody looks for; what is empty or null does not restrict.
///
/// @param run those of the runs in this range
/// @param words each of them in the name, the error or the reason, in any case, or the job's id
public record JobFilter(
    Set<JobStatus> statuses,
    @Nullable String provider,
    @Nullable UuidRange run,
    List<String> words) {
  public static final JobFilter ALL = new JobFilter(Set.of(), null, null, List.of());

  public JobFilter {
    statuses = Set.copyOf(statuses);
    words = List.copyOf(words);
  }
}
