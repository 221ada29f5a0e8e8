/**
 * The load generator's process: gets one job, measures, answers with its rows and ends. A process of its own, so that its CPU
 * is not counted as the server's and a new case never starts with the garbage of the last one.
 */

import { CpuProbe } from './measure/cpu.mjs';
import { Inspector } from './measure/inspector.mjs';
import { loadSuite } from './suites.mjs';

/** What a scenario's `measure` gets. */
class LoadContext {
  constructor(job) {
    this.serverName = job.serverName;
    this.port = job.port;
    this.world = job.world;
    this.params = job.params;
    this.serverPid = job.serverPid;
    this.dataDir = job.dataDir;
    this.cpu = new CpuProbe(job.serverPid, job.postmasterPid);
    this.inspectorUrl = job.inspectorUrl;
    this.isProfiling = job.isProfiling;
    this.profileLabel = `${job.scenario}-${job.serverName}`;
  }

  progress(text) {
    process.send({ progress: text });
  }

  /** Runs `work` against the server's inspector. */
  async withInspector(work) {
    const inspector = await Inspector.connect(this.inspectorUrl);
    try {
      return await work(inspector);
    } finally {
      inspector.close();
    }
  }

  /** Runs `measure` once; with `--profile` inside a CPU profile, whose table is printed. */
  async profiled(label, measure) {
    if (!this.isProfiling) return measure();
    return this.withInspector(async (inspector) => {
      await inspector.startProfile();
      const result = await measure();
      const { path, table } = await inspector.stopProfile(`${this.profileLabel}-${label}`);
      this.progress(`profile of ${label}: ${path}\n${table}`);
      return result;
    });
  }
}

process.once('message', async (job) => {
  try {
    const { scenarios } = await loadSuite(job.suite);
    const rows = await scenarios.find(({ key }) => key === job.scenario).measure(new LoadContext(job));
    process.send({ rows }, () => process.exit(0));
  } catch (error) {
    process.send({ failure: error.stack }, () => process.exit(1));
  }
});
