-- The queue. docs/ARCHITECTURE.md says how a job moves through these tables; the short form:
--   ready   one narrow row per claimable job, in claim order; claiming deletes it
--   leases  one row per running execution, deleted by whoever ends it (that delete is the fence)
--   jobs    what a user asked for and how it stands; no index on a column that a claim or a
--           completion changes, so that those updates stay heap-only (HOT)

create table aidp.schema_info (
  id              boolean primary key default true,
  database_id     uuid    not null default gen_random_uuid(),
  schema_version  int     not null,
  minimum_program int     not null,
  constraint schema_info_one_row check (id)
);
comment on table aidp.schema_info is 'One row: the identity of this database, the schema version, and the oldest program that may use it';
insert into aidp.schema_info (schema_version, minimum_program) values (1, 1);

create table aidp.workers (
  id                 bigint generated always as identity primary key,
  incarnation        uuid        not null default gen_random_uuid(),
  host               text        not null,
  pid                int         not null,
  boot_id            text        not null default '',
  pid_namespace      text        not null default '',
  process_started    bigint      not null default 0,
  slots              int         not null,
  providers          text[]      not null,
  background         boolean     not null default false,
  draining           boolean     not null default false,
  version            text        not null default '',
  started_at         timestamptz not null default clock_timestamp(),
  last_seen_at       timestamptz not null default clock_timestamp(),
  ended_at           timestamptz,
  end_reason         text,
  constraint workers_slots_positive check (slots > 0),
  constraint workers_end_reason check (end_reason in ('stopped', 'lost')),
  constraint workers_end_has_reason check ((ended_at is null) = (end_reason is null))
) with (fillfactor = 50);
comment on table aidp.workers is 'Worker processes, one row per incarnation; alive while ended_at is null and last_seen_at is fresh';
create index workers_live on aidp.workers (host) where ended_at is null;

create table aidp.pipeline_runs (
  id            uuid primary key default gen_random_uuid(),
  pipeline      text        not null,
  pipeline_path text,
  definition    jsonb       not null default '{}',
  prompt        text,
  workspace     text,
  host          text,
  status        text        not null default 'queued',
  reason        text,
  remaining     int         not null default 0,
  created_at    timestamptz not null default clock_timestamp(),
  started_at    timestamptz,
  completed_at  timestamptz,
  error         text,
  metadata      jsonb       not null default '{}',
  constraint pipeline_runs_status check (status in ('queued', 'running', 'completed', 'failed', 'interrupted', 'waiting'))
) with (fillfactor = 70);
comment on table aidp.pipeline_runs is 'Runs of pipelines; a single job''s run is computed in the view aidp.runs';

create table aidp.jobs (
  id                   bigint generated always as identity,
  run_id               uuid        not null default gen_random_uuid(),
  node                 text,
  name                 text        not null,
  provider             text        not null,
  model                text,
  prompt               text        not null,
  workspace            text,
  workspace_identity   text        not null default '',
  host                 text,
  priority             smallint    not null default 0,
  run_at               timestamptz,
  timeout              interval,
  max_attempts         int         not null,
  max_crashes          int         not null default 3,
  rerun                boolean     not null default true,
  options              jsonb       not null default '{}',
  metadata             jsonb       not null default '{}',
  idempotency_key      text,
  created_at           timestamptz not null default clock_timestamp(),
  -- What changes comes last: an update that stays on its page logs only what differs between the
  -- first and the last changed byte, and a prompt in between would be logged with each.
  status               text        not null default 'queued',
  reason               text,
  attempt              int         not null default 0,
  executions           int         not null default 0,
  crash_count          int         not null default 0,
  pending_dependencies int         not null default 0,
  wake_at              timestamptz,
  cancel_requested_at  timestamptz,
  session_id           text,
  started_at           timestamptz,
  completed_at         timestamptz,
  error                text,
  error_class          text,
  exit_code            int,
  constraint jobs_pkey primary key (id),
  constraint jobs_status check (status in ('queued', 'running', 'completed', 'failed', 'interrupted', 'waiting')),
  constraint jobs_waiting_has_reason check (status <> 'waiting' or reason is not null),
  constraint jobs_ended_has_time check ((status in ('completed', 'failed', 'interrupted')) = (completed_at is not null)),
  constraint jobs_priority_range check (priority between -100 and 100),
  constraint jobs_max_attempts_positive check (max_attempts > 0),
  constraint jobs_max_crashes_positive check (max_crashes > 0),
  constraint jobs_counts check (attempt >= 0 and executions >= 0 and crash_count >= 0 and pending_dependencies >= 0),
  constraint jobs_provider_named check (provider <> ''),
  constraint jobs_prompt_given check (prompt <> '')
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 2000);
comment on table aidp.jobs is 'One row per job: what was asked for, and how it stands. Change rows only through aidp or aidp.enqueue';
comment on column aidp.jobs.attempt is 'Executions charged against max_attempts since the last manual retry, the running one included';
comment on column aidp.jobs.executions is 'All executions ever begun; the number of the latest one';
comment on column aidp.jobs.host is 'Host label whose workers may take the job; null: any worker';
comment on column aidp.jobs.options is 'What the provider needs to run it and nobody queries: argv, permissions, environment reference, limits';
create index jobs_run_id on aidp.jobs (run_id);
create index jobs_wake_at on aidp.jobs (wake_at) where wake_at is not null;
create unique index jobs_idempotency_key on aidp.jobs (workspace_identity, idempotency_key) where idempotency_key is not null;
create index jobs_workflow on aidp.jobs (workspace_identity, (metadata ->> 'workflow'), (metadata ->> 'step'), id) where metadata ? 'workflow';

create table aidp.ready (
  host     text        not null,
  provider text        not null,
  priority smallint    not null,
  ready_at timestamptz not null default clock_timestamp(),
  job_id   bigint      not null,
  constraint ready_pkey primary key (host, provider, priority, ready_at, job_id)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
comment on table aidp.ready is 'Jobs that can be claimed now, in claim order; host is empty for jobs that any worker may take';

create sequence aidp.execution_id_seq cache 32;

create table aidp.leases (
  job_id       bigint      not null,
  execution_id bigint      not null default nextval('aidp.execution_id_seq'),
  token        uuid        not null,
  attempt      int         not null,
  worker_id    bigint      not null,
  started_at   timestamptz not null default clock_timestamp(),
  begun        boolean     not null default false,
  pid          int,
  session_id   text,
  progress     text,
  log_seq      bigint      not null default 0,
  constraint leases_pkey primary key (job_id)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
comment on table aidp.leases is 'Running executions. The primary key is what keeps a job from running twice; every write-back names execution_id and token';
comment on column aidp.leases.log_seq is 'Last seq of this execution in aidp.job_logs; moved in the transaction that writes the rows';

create table aidp.executions (
  job_id         bigint      not null,
  attempt        int         not null,
  id             bigint      not null,
  status         text        not null,
  worker_id      bigint,
  pid            int,
  started_at     timestamptz not null,
  completed_at   timestamptz not null default clock_timestamp(),
  exit_code      int,
  error          text,
  error_class    text,
  session_id     text,
  usage          jsonb,
  cost_usd       numeric(14, 6),
  cost_estimated boolean     not null default false,
  result         text,
  log_seq        bigint      not null default 0,
  constraint executions_pkey primary key (job_id, attempt),
  constraint executions_status check (status in ('completed', 'failed', 'interrupted'))
) with (autovacuum_vacuum_insert_scale_factor = 0.1);
comment on table aidp.executions is 'Ended executions, never changed; running ones are leases; the view aidp.job_executions has both';

create view aidp.job_executions as
  select e.id, e.job_id, e.attempt, e.status, e.worker_id, e.pid, e.started_at, e.completed_at, e.exit_code,
         e.error, e.error_class, e.session_id, e.usage, e.cost_usd, e.cost_estimated, e.result, e.log_seq
  from aidp.executions e
  union all
  select l.execution_id, l.job_id, l.attempt, 'running', l.worker_id, l.pid, l.started_at, null, null,
         null, null, l.session_id, null, null, false, null, l.log_seq
  from aidp.leases l;
comment on view aidp.job_executions is 'Every attempt at a job, running and ended';

create table aidp.job_dependencies (
  depends_on_id bigint not null,
  job_id        bigint not null,
  constraint job_dependencies_pkey primary key (depends_on_id, job_id),
  constraint job_dependencies_not_itself check (depends_on_id <> job_id)
);
comment on table aidp.job_dependencies is 'job_id starts when depends_on_id has completed; jobs.pending_dependencies counts what is missing';
create index job_dependencies_job_id on aidp.job_dependencies (job_id);

create table aidp.job_logs (
  job_id       bigint      not null,
  execution_id bigint      not null,
  seq          bigint      not null,
  timestamp    timestamptz not null,
  level        text        not null,
  category     text        not null,
  message      text        not null,
  data         jsonb
) partition by range (timestamp);
comment on table aidp.job_logs is 'What executions printed, said and did; seq counts from 1 without a gap in each execution. Partitioned by month';
create index job_logs_execution_seq on aidp.job_logs (execution_id, seq);
create table aidp.job_logs_default partition of aidp.job_logs default;

create table aidp.run_logs (
  run_id    uuid        not null,
  seq       bigint      not null,
  timestamp timestamptz not null default clock_timestamp(),
  level     text        not null,
  category  text        not null default 'pipeline',
  message   text        not null,
  data      jsonb,
  constraint run_logs_pkey primary key (run_id, seq)
);
comment on table aidp.run_logs is 'What happened to a pipeline run as a whole (category pipeline)';

create view aidp.runs as
  select r.id, r.pipeline, r.prompt, r.status, r.reason, r.workspace, r.host, r.created_at, r.started_at, r.completed_at, r.error,
         false as single_job
  from aidp.pipeline_runs r
  union all
  select j.run_id, j.name, j.prompt, j.status, j.reason, j.workspace, j.host, j.created_at, j.started_at, j.completed_at, j.error,
         true
  from aidp.jobs j
  where not exists (select from aidp.pipeline_runs r where r.id = j.run_id);
comment on view aidp.runs is 'Pipeline runs, and every single job as a run of one node';

-- Monthly log partitions, made ahead of time; a month that already has rows in the default
-- partition keeps them there.
create function aidp.create_log_partitions(months_ahead int default 2) returns int
  language plpgsql
  set search_path = aidp, pg_temp
as $$
declare
  month_start date;
  made int := 0;
begin
  for k in 0..months_ahead loop
    month_start := (date_trunc('month', now() at time zone 'UTC') + make_interval(months => k))::date;
    if to_regclass(format('aidp.job_logs_%s', to_char(month_start, 'YYYYMM'))) is null then
      begin
        execute format(
          'create table aidp.job_logs_%s partition of aidp.job_logs for values from (%L) to (%L)',
          to_char(month_start, 'YYYYMM'),
          month_start::text || ' 00:00:00+00',
          (month_start + interval '1 month')::date::text || ' 00:00:00+00');
        made := made + 1;
      exception
        when check_violation or duplicate_table or unique_violation then null;
      end;
    end if;
  end loop;
  return made;
end
$$;
comment on function aidp.create_log_partitions is 'Makes the monthly partitions of aidp.job_logs for this month and the next ones; safe to repeat';
select aidp.create_log_partitions();

-- Wake-ups are hints: a lost one costs a worker's poll interval and nothing else.
create function aidp.notify_ready(host text, provider text, priority int) returns void
  language sql
as $$
  select pg_notify('aidp_ready', concat_ws(E'\t', coalesce(host, ''), provider, priority))
$$;
comment on function aidp.notify_ready is 'Tells workers that a job of this claim key can be taken';

create function aidp.enqueue(
  provider     text,
  prompt       text,
  workspace    text        default null,
  model        text        default null,
  host         text        default null,
  priority     int         default 0,
  run_at       timestamptz default null,
  timeout      interval    default null,
  max_attempts int         default null,
  key          text        default null,
  metadata     jsonb       default null
) returns bigint
  language plpgsql
as $$
#variable_conflict use_column
declare
  label    text := nullif(enqueue.host, '');
  identity text := case when enqueue.workspace is null then '' else coalesce(label, '') || ':' || enqueue.workspace end;
  later    boolean := enqueue.run_at > clock_timestamp();
  made     bigint;
begin
  if coalesce(enqueue.provider, '') = '' then
    raise exception 'aidp.enqueue: the provider is missing' using errcode = '22023', hint = 'Name one, such as claude or shell';
  end if;
  if coalesce(btrim(enqueue.prompt, E' \t\r\n'), '') = '' then
    raise exception 'aidp.enqueue: the prompt is empty' using errcode = '22023', hint = 'Say what the job shall do; for shell it is a command line';
  end if;
  if enqueue.priority is null or enqueue.priority not between -100 and 100 then
    raise exception 'aidp.enqueue: priority % is out of range', enqueue.priority using errcode = '22023', hint = 'Give a number from -100 to 100, higher first';
  end if;
  if enqueue.timeout <= interval '0' then
    raise exception 'aidp.enqueue: the timeout % is not positive', enqueue.timeout using errcode = '22023', hint = 'Give an interval such as ''1 hour'', or leave it out';
  end if;
  if enqueue.max_attempts < 1 then
    raise exception 'aidp.enqueue: max_attempts % is not positive', enqueue.max_attempts using errcode = '22023', hint = 'Give 1 or more, or leave it out';
  end if;
  if jsonb_typeof(enqueue.metadata) <> 'object' then
    raise exception 'aidp.enqueue: the metadata is no JSON object' using errcode = '22023', hint = 'Give one such as ''{"ticket": 42}'', or leave it out';
  end if;
  insert into aidp.jobs (name, provider, model, prompt, workspace, workspace_identity, host, priority, run_at, timeout,
                         max_attempts, idempotency_key, metadata, status, reason, wake_at)
  values (
    left(regexp_replace(split_part(ltrim(enqueue.prompt, E' \t\r\n'), E'\n', 1), '[[:cntrl:]]+', ' ', 'g'), 120),
    enqueue.provider, enqueue.model, enqueue.prompt, enqueue.workspace, identity, label, enqueue.priority,
    enqueue.run_at, enqueue.timeout,
    coalesce(enqueue.max_attempts, case when enqueue.provider in ('shell', 'task', 'gate') then 1 else 3 end),
    enqueue.key, coalesce(enqueue.metadata, '{}'),
    case when later then 'waiting' else 'queued' end,
    case when later then 'starts at ' || to_char(enqueue.run_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end,
    case when later then enqueue.run_at end)
  on conflict (workspace_identity, idempotency_key) where idempotency_key is not null do nothing
  returning id into made;
  if made is null then
    select j.id into made from aidp.jobs j where j.workspace_identity = identity and j.idempotency_key = enqueue.key;
    return made;
  end if;
  if not coalesce(later, false) then
    insert into aidp.ready (host, provider, priority, job_id)
    values (coalesce(label, ''), enqueue.provider, enqueue.priority, made);
    perform aidp.notify_ready(label, enqueue.provider, enqueue.priority);
  end if;
  return made;
end
$$;
comment on function aidp.enqueue is 'Queues a job in the caller''s own transaction and returns its id; with a key that exists, the existing id';
