-- A job in line that is held back says so, wherever it is shown. Nothing is written for that: a pause
-- of a provider, or a job that has its workspace to itself, would otherwise touch every job in line.
-- The functions are one query each, so that the planner puts its text in the place of a call.

create function aidp.same_workspace(h aidp.workspace_holds, j aidp.jobs) returns boolean
  language sql immutable
as $$
  select (h.workspace_identity <> '' and h.workspace_identity = j.workspace_identity)
         or (h.workspace = j.workspace and (h.host is null or j.host is null or h.host = j.host))
$$;
comment on function aidp.same_workspace is 'Whether a job works in the workspace of a hold: in the same directory of the same host, or in a workspace of the same name';

-- options.within: the executions out of which the job was queued. They wait for it, or may do so: it
-- is not held back by those that have the workspace, nor by somebody who waits for one of them to end.
create function aidp.in_the_way(job bigint) returns table (job_id bigint, part text)
  language sql stable
as $$
  select h.job_id, case when hl.job_id is null then 'wants' else 'holds' end
  from aidp.jobs b
  join aidp.workspace_holds h on h.job_id <> b.id and aidp.same_workspace(h, b)
  join aidp.jobs hj on hj.id = h.job_id
  left join aidp.leases hl on hl.job_id = h.job_id and hl.execution_id = h.execution_id
  where b.id = in_the_way.job and not coalesce((b.options ->> 'worktree')::boolean, false)
    and (hl.job_id is not null or (h.wanted_until > statement_timestamp() and hj.status = 'queued'))
    and not coalesce(b.options -> 'within' @> to_jsonb(h.execution_id), false)
    and (hl.job_id is not null or not exists (
      select from aidp.leases al
      join aidp.jobs a on a.id = al.job_id
      where b.options -> 'within' @> to_jsonb(al.execution_id) and aidp.same_workspace(h, a)
        and not coalesce((a.options ->> 'worktree')::boolean, false)
        and not coalesce(hj.options -> 'within' @> to_jsonb(al.execution_id), false)))
  union all
  select o.id, 'runs'
  from aidp.jobs b
  join aidp.workspace_holds h on h.job_id = b.id
  join aidp.leases ol on ol.job_id <> h.job_id
  join aidp.jobs o on o.id = ol.job_id and aidp.same_workspace(h, o)
  where b.id = in_the_way.job and not coalesce((o.options ->> 'worktree')::boolean, false)
    and not coalesce(b.options -> 'within' @> to_jsonb(ol.execution_id), false)
$$;
comment on function aidp.in_the_way is 'The jobs that keep a job from running now: another one that holds its workspace (or waits to have it), or, if it is to hold it itself, those that run there. Jobs in a worktree of their own are in nobody''s way';

create function aidp.held_back(job bigint, status text, provider text, host text) returns table (reason text)
  language sql stable
as $$
  select h.reason
  from (
    (select 'usage limit of ' || p.provider
            || case when p.until_at > statement_timestamp()
                    then ', until ' || to_char(p.until_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
                    else ': ' || coalesce('job ' || (
                           select l.job_id from aidp.leases l
                           where l.job_id = p.probe_job_id and l.execution_id = p.probe_execution_id), 'one job')
                         || ' goes first to see whether it has ended' end as reason, 1 as place
     from aidp.provider_pauses p
     where held_back.status = 'queued' and p.provider = held_back.provider and p.host = coalesce(held_back.host, p.host)
       -- A job that any host may take is held when all that take it are paused.
       and (held_back.host is not null or not exists (
         select from aidp.workers w
         where w.ended_at is null and not w.draining and split_part(held_back.provider, ':', 1) = any (w.providers)
           and w.last_seen_at > statement_timestamp() - interval '30 s'
           and not exists (select from aidp.provider_pauses q where q.host = w.host and q.provider = held_back.provider)))
     order by p.until_at limit 1)
    union all
    (select 'job ' || w.job_id || case w.part when 'holds' then ' has its workspace to itself'
                                           when 'wants' then ' waits to have its workspace to itself'
                                           else ' is in its workspace' end, 2
     from aidp.in_the_way(held_back.job) w
     where held_back.status = 'queued' and exists (select from aidp.workspace_holds)
     limit 1)) h
  order by h.place
  limit 1
$$;
comment on function aidp.held_back is 'Why a job whose status is queued does not run though it is in line (a usage limit, its workspace): it is shown as waiting then. No row: nothing holds it back';

create or replace view aidp.runs as
  select r.id, r.pipeline, r.prompt,
         case when r.completed_at is null then coalesce(s.status, r.status) else r.status end as status,
         case when r.completed_at is null then s.reason else r.reason end as reason,
         r.workspace, r.host, r.created_at, coalesce(r.started_at, s.started_at) as started_at, r.completed_at, r.error,
         false as single_job
  from aidp.pipeline_runs r
  left join lateral (
    -- An approval comes before a backoff and a start time, in the alphabet too.
    select case when bool_or(j.status = 'running') or (bool_or(j.status = 'queued' and held.reason is null) and bool_or(j.executions > 0))
                then 'running'
                when bool_or(j.status = 'queued' and held.reason is null) then 'queued'
                when bool_or(j.status in ('waiting', 'queued')) then 'waiting' end as status,
           case when not bool_or(j.status = 'running' or (j.status = 'queued' and held.reason is null))
                then min(coalesce(held.reason, j.reason))
                     filter (where held.reason is not null or (j.status = 'waiting' and j.pending_dependencies = 0)) end as reason,
           min(j.started_at) as started_at
    from aidp.jobs j
    left join lateral aidp.held_back(j.id, j.status, j.provider, j.host) held on true
    where j.run_id = r.id and r.completed_at is null) s on true
  union all
  select j.run_id, j.name, j.prompt, case when held.reason is null then j.status else 'waiting' end, coalesce(held.reason, j.reason),
         j.workspace, j.host, j.created_at, j.started_at, j.completed_at, j.error, true
  from aidp.jobs j
  left join lateral aidp.held_back(j.id, j.status, j.provider, j.host) held on true
  where not j.in_pipeline;

update aidp.schema_info set schema_version = 7;
