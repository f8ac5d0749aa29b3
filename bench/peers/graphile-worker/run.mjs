// graphile-worker on the same server and the same scenarios, for ratios in one run.
//   node run.mjs drain|latency DATABASE_URL JOBS
// Prints one JSON line. Its best settings of its own performance guide: a local queue of 500, batch
// delays 0 (completions go as soon as they can, in batches).
import { Logger, makeWorkerUtils, run } from 'graphile-worker';

const [scenario, connectionString, jobsText] = process.argv.slice(2);
const jobs = Number(jobsText);
const quiet = new Logger(() => () => {});
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const preset = {
  worker: {
    connectionString,
    concurrentJobs: 24,
    maxPoolSize: 10,
    pollInterval: 2000,
    localQueue: { size: 500 },
    completeJobBatchDelay: 0,
    failJobBatchDelay: 0,
  },
};

const utils = await makeWorkerUtils({ connectionString, logger: quiet });
await utils.migrate();

const queue = (count) =>
  utils.withPgClient((client) =>
    client.query("select graphile_worker.add_job('noop', '{}'::json) from generate_series(1, $1)", [count]));
const left = async () =>
  Number((await utils.withPgClient((c) => c.query('select count(*)::int as n from graphile_worker._private_jobs'))).rows[0].n);

async function drain(count) {
  await queue(count);
  // With the statistics of an empty table its plans are quadratic; autovacuum would mend that later.
  await utils.withPgClient((client) => client.query('vacuum analyze graphile_worker._private_jobs'));
  let done = 0;
  let finish;
  const all = new Promise((resolve) => (finish = resolve));
  let from;
  const runner = await run({
    connectionString, logger: quiet, noHandleSignals: true, preset,
    taskList: {
      noop: () => {
        from ??= process.hrtime.bigint();
        if (++done === count) finish();
      },
    },
  });
  await all;
  // A job is done when its row is gone; stop() waits for the completions on their way. From the
  // first run on: neither side's start-up counts.
  await runner.stop();
  const seconds = Number(process.hrtime.bigint() - from) / 1e9;
  if ((await left()) !== 0) throw new Error('jobs are left');
  return seconds;
}

async function latency(count) {
  let begun;
  const runner = await run({
    connectionString, logger: quiet, noHandleSignals: true,
    // Without the local queue each job is fetched when it is notified: its quickest setting.
    preset: { worker: { ...preset.worker, localQueue: { size: -1 }, concurrentJobs: 10 } },
    taskList: { noop: () => begun(process.hrtime.bigint()) },
  });
  await sleep(1000);
  const millis = [];
  await utils.withPgClient(async (client) => {
    for (let i = -200; i < count; i++) {
      // Idle: what the last job left to do is done.
      await sleep(10);
      const start = new Promise((resolve) => (begun = resolve));
      const from = process.hrtime.bigint();
      await client.query("select graphile_worker.add_job('noop', '{}'::json)");
      const took = Number((await start) - from) / 1e6;
      if (i >= 0) millis.push(took);
    }
  });
  await runner.stop();
  millis.sort((a, b) => a - b);
  return { p50Ms: millis[Math.floor(count / 2)], p99Ms: millis[Math.floor(count * 0.99)], maxMs: millis[count - 1] };
}

let figures;
if (scenario === 'drain') {
  await drain(20000);
  const seconds = await drain(jobs);
  figures = { jobs, seconds, perSecond: Math.round(jobs / seconds) };
} else {
  figures = { jobs, ...(await latency(jobs)) };
}
console.log(JSON.stringify({ scenario: `graphile-worker ${scenario}`, ...figures }));
await utils.release();
process.exit(0);
