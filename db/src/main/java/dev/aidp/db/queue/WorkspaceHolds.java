package dev.aidp.db.queue;

/// Parts of statements about workspaces that a job has to itself.
final class WorkspaceHolds {
  /// Whether a hold, named `h`, counts.
  static final String COUNTS =
      """
      (h.wanted_until > clock_timestamp()
       or exists (select from aidp.leases hl where hl.job_id = h.job_id and hl.execution_id = h.execution_id))
      """;

  private WorkspaceHolds() {}
}
