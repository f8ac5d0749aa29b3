-- A job that was queued with --exclusive has its workspace to itself. It is rare: the claims of all
-- other jobs only ask whether there is any row here.
create table aidp.workspace_holds (
  job_id             bigint      not null,
  execution_id       bigint      not null,
  workspace_identity text        not null,
  workspace          text,
  host               text,
  wanted_until       timestamptz not null,
  constraint workspace_holds_pkey primary key (job_id)
);
comment on table aidp.workspace_holds is 'Workspaces that a job has to itself, or waits to have: others of that workspace are not claimed. Counts as long as the lease of the execution exists, or until wanted_until';
comment on column aidp.workspace_holds.wanted_until is 'Until when it is kept for a job that waits for others to end; renewed by each of its tries, so that nobody waits long for a job that no worker takes';

update aidp.schema_info set schema_version = 6;
