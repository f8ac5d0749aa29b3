package dev.aidp.db.queue;

/// Parts of statements about workspaces that a job has to itself.
public final class WorkspaceHolds {
  /// Whether a hold, named `h`, counts.
  static final String COUNTS =
      """
      (h.wanted_until > clock_timestamp()
       or exists (select from aidp.leases hl where hl.job_id = h.job_id and hl.execution_id = h.execution_id))
      """;

  /// The job that keeps the job `b` from running now, as the column `job_id`: another one that
  /// holds its workspace, or, if `b` is to hold it, one that runs there. Jobs in a worktree of
  /// their own are in nobody's way.
  public static final String IN_THE_WAY =
      """
      (select h.job_id
       from aidp.workspace_holds h
       where h.job_id <> b.id and not coalesce((b.options ->> 'worktree')::boolean, false)
         and %s and %s
       union all
       select o.id
       from aidp.workspace_holds h
       join aidp.leases ol on ol.job_id <> h.job_id
       join aidp.jobs o on o.id = ol.job_id
       where h.job_id = b.id and not coalesce((o.options ->> 'worktree')::boolean, false) and %s)
      """
          .formatted(same("b"), COUNTS, same("o"));

  private WorkspaceHolds() {}

  /// Whether a job works in the workspace of the hold `h`: in the same directory of the same host,
  /// or in a workspace of the same name.
  static String same(String job) {
    return """
    ((h.workspace_identity <> '' and h.workspace_identity = JOB.workspace_identity)
     or (h.workspace = JOB.workspace and (h.host is null or JOB.host is null or h.host = JOB.host)))
    """
        .replace("JOB", job);
  }
}
