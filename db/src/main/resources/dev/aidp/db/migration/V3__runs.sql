-- Runs of pipelines. Each node is a job; here is what a run needs beside its jobs: its progress, what
-- its nodes put out, the lists that fan out into jobs, and the approvals.

alter table aidp.pipeline_runs
  add column description        text,
  add column workspace_identity text not null default '',
  add column idempotency_key    text,
  add column log_seq            bigint not null default 0,
  add constraint pipeline_runs_remaining check (remaining >= 0);
comment on column aidp.pipeline_runs.remaining is 'Jobs of the run that have not ended; at zero the run has';
comment on column aidp.pipeline_runs.log_seq is 'Last seq of the run in aidp.run_logs';
comment on column aidp.pipeline_runs.status is 'Final once completed_at is set; until then the view aidp.runs tells it from the jobs';
create unique index pipeline_runs_idempotency_key on aidp.pipeline_runs (workspace_identity, idempotency_key)
  where idempotency_key is not null;
create index pipeline_runs_created_at on aidp.pipeline_runs (created_at, id);

alter table aidp.jobs
  add column in_pipeline boolean not null default false,
  add column fan_out_id  bigint,
  add column item        int,
  add constraint jobs_item_of_fan_out check ((fan_out_id is null) = (item is null));
comment on column aidp.jobs.in_pipeline is 'Whether it is a node of a run in aidp.pipeline_runs';
comment on column aidp.jobs.fan_out_id is 'The job of the node with for_each whose item this job does. One that waits for a place has a pending dependency on no job';
create unique index jobs_fan_out on aidp.jobs (fan_out_id, item) where fan_out_id is not null;

create table aidp.fan_outs (
  job_id       bigint not null,
  items        int    not null,
  max_parallel int    not null,
  admitted     int    not null default 0,
  next_item    int    not null default 0,
  constraint fan_outs_pkey primary key (job_id),
  constraint fan_outs_counts check (items > 0 and max_parallel > 0 and admitted >= 0 and next_item >= 0)
) with (fillfactor = 70);
comment on table aidp.fan_outs is 'Nodes with for_each whose list is known, and how many of their items may run at once';
comment on column aidp.fan_outs.admitted is 'Items that have a place: they are queued, running, or wait to be tried again';
comment on column aidp.fan_outs.next_item is 'No item before this one waits for a place';

create table aidp.node_outputs (
  job_id        bigint  not null,
  run_id        uuid    not null,
  node          text    not null,
  output        json    not null,
  skipped       boolean not null default false,
  exit_code     int,
  changed_files json    not null default '[]',
  constraint node_outputs_pkey primary key (job_id)
);
comment on table aidp.node_outputs is 'What completed nodes put out, for the templates of later ones; json and not jsonb, which would sort the keys';
create index node_outputs_node on aidp.node_outputs (run_id, node);

create table aidp.approvals (
  job_id      bigint      not null,
  round       int         not null,
  message     text,
  asked_at    timestamptz not null default clock_timestamp(),
  answer      text,
  answered_at timestamptz,
  answered_by text,
  comment     text,
  constraint approvals_pkey primary key (job_id, round),
  constraint approvals_answer check (answer in ('approved', 'rejected')),
  constraint approvals_answer_has_time check ((answer is null) = (answered_at is null))
);
comment on table aidp.approvals is 'Questions that jobs of the provider approval have asked, and their answers; after a rejection a new round is asked';
create unique index approvals_open on aidp.approvals (job_id) where answer is null;

create or replace view aidp.runs as
  select r.id, r.pipeline, r.prompt,
         case when r.completed_at is null then coalesce(s.status, r.status) else r.status end as status,
         case when r.completed_at is null then s.reason else r.reason end as reason,
         r.workspace, r.host, r.created_at, coalesce(r.started_at, s.started_at) as started_at, r.completed_at, r.error,
         false as single_job
  from aidp.pipeline_runs r
  left join lateral (
    -- An approval comes before a backoff and a start time, in the alphabet too.
    select case when bool_or(j.status = 'running') or (bool_or(j.status = 'queued') and bool_or(j.executions > 0)) then 'running'
                when bool_or(j.status = 'queued') then 'queued'
                when bool_or(j.status = 'waiting') then 'waiting' end as status,
           case when not bool_or(j.status in ('running', 'queued'))
                then min(j.reason) filter (where j.status = 'waiting' and j.pending_dependencies = 0) end as reason,
           min(j.started_at) as started_at
    from aidp.jobs j
    where j.run_id = r.id and r.completed_at is null) s on true
  union all
  select j.run_id, j.name, j.prompt, j.status, j.reason, j.workspace, j.host, j.created_at, j.started_at, j.completed_at, j.error,
         true
  from aidp.jobs j
  where not j.in_pipeline;

update aidp.schema_info set schema_version = 3;
