-- Anyone may queue: a role that may use the schema needs no rights on its tables, which it could do
-- worse with. And what no worker could ever run is refused at once.

create or replace function aidp.enqueue(
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
  security definer
  -- Nobody's search path decides what the owner of the tables runs.
  set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  label    text := nullif(enqueue.host, '');
  place    text := nullif(enqueue.workspace, '');
  identity text := case when place is null then '' else coalesce(label, '') || ':' || place end;
  later    boolean := enqueue.run_at > clock_timestamp();
  made     bigint;
begin
  if coalesce(enqueue.provider, '') = '' then
    raise exception 'aidp.enqueue: the provider is missing' using errcode = '22023', hint = 'Name one, such as claude or shell';
  end if;
  if coalesce(btrim(enqueue.prompt, E' \t\r\n'), '') = '' then
    raise exception 'aidp.enqueue: the prompt is empty' using errcode = '22023', hint = 'Say what the job shall do; for shell it is a command line';
  end if;
  if place is not null and left(place, 1) <> '/' then
    raise exception 'aidp.enqueue: the workspace % is not an absolute path', place using errcode = '22023', hint = 'Give one such as ''/srv/reports'', or leave it out for a scratch directory';
  end if;
  if label is not null and label !~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$' then
    raise exception 'aidp.enqueue: % is no host label', label using errcode = '22023', hint = 'Give one that `aidp workers` shows, or leave it out for any worker';
  end if;
  if enqueue.priority is null or enqueue.priority not between -100 and 100 then
    raise exception 'aidp.enqueue: priority % is out of range', enqueue.priority using errcode = '22023', hint = 'Give a number from -100 to 100, higher first';
  end if;
  if enqueue.run_at = 'infinity' then
    raise exception 'aidp.enqueue: run_at % never comes', enqueue.run_at using errcode = '22023', hint = 'Give a time such as now() + interval ''1 hour'', or leave it out';
  end if;
  if enqueue.timeout <= interval '0' then
    raise exception 'aidp.enqueue: the timeout % is not positive', enqueue.timeout using errcode = '22023', hint = 'Give an interval such as ''1 hour'', or leave it out';
  end if;
  if enqueue.max_attempts < 1 then
    raise exception 'aidp.enqueue: max_attempts % is not positive', enqueue.max_attempts using errcode = '22023', hint = 'Give 1 or more, or leave it out';
  end if;
  if enqueue.key = '' then
    raise exception 'aidp.enqueue: the key is empty' using errcode = '22023', hint = 'Give a text that is the same for the same work, or leave it out';
  end if;
  if jsonb_typeof(enqueue.metadata) <> 'object' then
    raise exception 'aidp.enqueue: the metadata is no JSON object' using errcode = '22023', hint = 'Give one such as ''{"ticket": 42}'', or leave it out';
  end if;
  insert into aidp.jobs (name, provider, model, prompt, workspace, workspace_identity, host, priority, run_at, timeout,
                         max_attempts, idempotency_key, metadata, status, reason, wake_at)
  values (
    left(regexp_replace(split_part(ltrim(enqueue.prompt, E' \t\r\n'), E'\n', 1), '[[:cntrl:]]+', ' ', 'g'), 120),
    enqueue.provider, enqueue.model, enqueue.prompt, place, identity, label, enqueue.priority,
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

update aidp.schema_info set schema_version = 8;
