-- The progress of a workflow is its jobs. Forgetting it keeps them.

create table aidp.workflow_resets (
  workspace_identity text        not null,
  workflow           text        not null,
  step               text        not null,
  up_to_job_id       bigint      not null,
  reset_at           timestamptz not null default clock_timestamp(),
  constraint workflow_resets_pkey primary key (workspace_identity, workflow, step)
);
comment on table aidp.workflow_resets is 'Steps whose progress was forgotten: their jobs up to this one do not count any more';

update aidp.schema_info set schema_version = 4;
