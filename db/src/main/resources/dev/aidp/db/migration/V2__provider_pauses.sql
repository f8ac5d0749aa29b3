-- A provider at its usage limit takes no further jobs on that host. The pause stands until a job
-- that was let go first (the probe) was answered by the model; only then do the others follow.
create table aidp.provider_pauses (
  host               text        not null,
  provider           text        not null,
  since              timestamptz not null default clock_timestamp(),
  until_at           timestamptz not null,
  limits_met         int         not null default 1,
  error              text,
  probe_job_id       bigint,
  probe_execution_id bigint,
  constraint provider_pauses_pkey primary key (host, provider),
  constraint provider_pauses_limits_met_positive check (limits_met > 0),
  constraint provider_pauses_probe_whole check ((probe_job_id is null) = (probe_execution_id is null))
);
comment on table aidp.provider_pauses is 'Providers at their usage limit, by the host label of the worker that met it; no row: no pause';
comment on column aidp.provider_pauses.until_at is 'From when one job may go first; the row stays until that job was answered';
comment on column aidp.provider_pauses.limits_met is 'Limits met in a row, the first one and those of the probes';
comment on column aidp.provider_pauses.probe_execution_id is 'The execution that went first; it counts only as long as its lease exists, so that its crash frees the place';

update aidp.schema_info set schema_version = 2;
