/** Runs the scenarios against the servers: interleaved, one server at a time, each scenario on a fresh one. */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { serverFlags } from '../../scripts/lib/server-flags.mjs';
import { checkpoint } from './servers/database.mjs';
import { NoServer } from './servers/no-server.mjs';

const GENERATOR_SCRIPT = fileURLToPath(new URL('./generator.mjs', import.meta.url));
/** Of product and yardstick alike. */
const SERVER_NODE_OPTIONS = serverFlags();
const GENERATOR_NODE_OPTIONS = ['--max-semi-space-size=64'];
const CASE_TIMEOUT_MS = 10 * 60_000;

/**
 * Returns `{rows, database}`: one row per run, scenario, server and case, as `{run, scenario, server, case, figures, problems}`,
 * and the settings of the product's PostgreSQL (null when the product was not measured).
 */
export async function runCampaign(suite, scenarios, options, log) {
  const rows = [];
  let database = null;
  for (let run = 1; run <= options.runs; run++) {
    for (const scenario of scenarios) {
      for (const serverName of options.servers.filter((name) => scenario.servers.includes(name))) {
        log(`run ${run}/${options.runs}  ${scenario.key} ${serverName}`);
        const measured = figuresByCase(rows.filter((row) => row.run === run && row.server === serverName));
        const result = await runScenario(suite, scenario, serverName, { ...options, measured }, log);
        database ??= result.database;
        for (const row of result.rows) rows.push({ run, scenario: scenario.key, server: serverName, ...row });
      }
    }
  }
  return { rows, database };
}

/** `{[scenario]: {[case]: figures}}`: what later scenarios may build on. */
function figuresByCase(rows) {
  const byCase = {};
  for (const row of rows) (byCase[row.scenario] ??= {})[row.case] = row.figures;
  return byCase;
}

async function runScenario(suite, scenario, serverName, options, log) {
  const server = scenario.isServerless ? new NoServer() : suite.servers[serverName]();
  const profilingOptions = options.isProfiling ? ['--inspect=127.0.0.1:0'] : [];
  const rows = [];
  try {
    await server.start({ nodeOptions: [...SERVER_NODE_OPTIONS, ...(scenario.nodeOptions ?? profilingOptions)] });
    for (const { world, params } of scenario.cases({ ...options, serverName })) {
      const created = await server.createWorld(world);
      if (server.dataDir) await checkpoint(server.dataDir);
      const job = {
        suite: suite.name,
        scenario: scenario.key,
        serverName,
        params,
        world: created,
        port: server.process.port,
        serverPid: server.process.pid,
        postmasterPid: server.postmasterPid,
        dataDir: server.dataDir,
        inspectorUrl: server.process.inspectorUrl,
        isProfiling: options.isProfiling,
      };
      rows.push(...(await generate(job, log)));
    }
  } catch (error) {
    log(`  FAILED: ${error.message}`);
    if (server.process) log(`  the server's last words: ${server.process.output.slice(-1500)}`);
    rows.push({ case: 'failed', figures: {}, problems: [error.message.split('\n')[0]] });
  } finally {
    await server.stop();
  }
  return { rows, database: server.database ?? null };
}

/** Runs one job in a generator process of its own. */
async function generate(job, log) {
  const child = fork(GENERATOR_SCRIPT, { execArgv: GENERATOR_NODE_OPTIONS, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const timeout = setTimeout(() => child.kill('SIGKILL'), CASE_TIMEOUT_MS);
  const exited = once(child, 'exit');
  let outcome = { failure: 'the load generator ended without a result' };
  child.on('message', (message) => {
    if (message.progress !== undefined) log(`  ${message.progress}`);
    else outcome = message;
  });
  child.send(job);
  await exited;
  clearTimeout(timeout);
  if (outcome.failure !== undefined) throw new Error(outcome.failure);
  return outcome.rows;
}
