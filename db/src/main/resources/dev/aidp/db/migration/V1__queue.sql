-- Placeholder until the queue's own schema lands.
create table aidp.schema_info (
  id boolean primary key default true check (id),
  database_id uuid not null default gen_random_uuid(),
  schema_version int not null,
  minimum_program int not null
);
insert into aidp.schema_info (schema_version, minimum_program) values (1, 1);
create table aidp.jobs (id bigint generated always as identity primary key, name text not null);
