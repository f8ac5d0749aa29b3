-- What running executions have used so far, so that a crash does not lose it and limits of runs and
-- days see it; and an index for the sums over a day.
alter table aidp.leases
  add column usage          jsonb,
  add column cost_usd       numeric(14, 6),
  add column cost_estimated boolean not null default false;
comment on column aidp.leases.usage is 'Tokens so far, as of the last few seconds; null: none were told';

create index executions_usage on aidp.executions (completed_at) where usage is not null;

create or replace view aidp.job_executions as
  select e.id, e.job_id, e.attempt, e.status, e.worker_id, e.pid, e.started_at, e.completed_at, e.exit_code,
         e.error, e.error_class, e.session_id, e.usage, e.cost_usd, e.cost_estimated, e.result, e.log_seq
  from aidp.executions e
  union all
  select l.execution_id, l.job_id, l.attempt, 'running', l.worker_id, l.pid, l.started_at, null, null,
         null, null, l.session_id, l.usage, l.cost_usd::numeric, l.cost_estimated, null, l.log_seq
  from aidp.leases l;

update aidp.schema_info set schema_version = 5;
