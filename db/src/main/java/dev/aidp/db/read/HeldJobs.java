package dev.aidp.db.read;

/// Parts of statements that show a job in line as waiting while something holds it back.
final class HeldJobs {
  /// To be joined to jobs, named `j` with their `id`, `status`, `provider` and `host`.
  static final String JOIN =
      "left join lateral aidp.held_back(j.id, j.status, j.provider, j.host) held on true\n";

  static final String STATUS = "case when held.reason is null then j.status else 'waiting' end";

  static final String REASON = "coalesce(held.reason, j.reason)";

  /// Whether anything holds any job back: asked once, where many jobs are looked at.
  static final String ANY =
      "(select exists (select from aidp.provider_pauses) or exists (select from"
          + " aidp.workspace_holds))";

  private HeldJobs() {}
}
