package dev.aidp.db.read;

/// Parts of statements that show a queued job as waiting while a pause of its provider holds it
/// back. Nothing is written for that: a pause would otherwise touch every job in line.
final class HeldJobs {
  /// To be joined to jobs, named `j` with their `status`, `provider` and `host`. A job that any
  /// host may take is held when all that take it are paused.
  static final String JOIN =
      """
      left join lateral (
        select p.until_at,
               'usage limit of ' || p.provider
               || case when p.until_at > clock_timestamp()
                       then ', until ' || to_char(p.until_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
                       else ': ' || coalesce('job ' || (
                              select l.job_id from aidp.leases l
                              where l.job_id = p.probe_job_id and l.execution_id = p.probe_execution_id), 'one job')
                            || ' goes first to see whether it has ended' end as reason
        from aidp.provider_pauses p
        where j.status = 'queued' and p.provider = j.provider and p.host = coalesce(j.host, p.host)
          and (j.host is not null or not exists (
            select from aidp.workers w
            where w.ended_at is null and not w.draining and j.provider = any (w.providers)
              and w.last_seen_at > clock_timestamp() - interval '30 s'
              and not exists (select from aidp.provider_pauses q where q.host = w.host and q.provider = j.provider)))
        order by p.until_at limit 1) held on true
      """;

  static final String STATUS = "case when held.reason is null then j.status else 'waiting' end";

  private HeldJobs() {}
}
