/** From the rows of all runs to medians, ratios and aims. */

import { median } from '../measure/stats.mjs';
import { isReached, limitText } from './aims.mjs';

/** The result as it is written to JSON: everything in it is also in the Markdown, but for the single runs. */
export function summarize({ suite, scenarios, rows, machine, options }) {
  return {
    machine,
    runs: options.runs,
    isQuick: options.isQuick,
    isValid: rows.every(({ problems }) => problems.length === 0),
    aims: suite.aims.map((aim) => aimResult(aim, rows, suite.yardstick)).filter(({ measured }) => measured !== null),
    scenarios: scenarios.map((scenario) => summarizeScenario(scenario, suite, rows.filter((row) => row.scenario === scenario.key))),
    rows,
  };
}

/** An aim with `isRatio` is about how many times less than the yardstick the product needs. */
function aimResult(aim, rows, yardstickName) {
  const [scenario, caseName, figure] = aim.at;
  const medianOf = (server) => medianFigure(rows.filter((row) => row.scenario === scenario && row.case === caseName && row.server === server), figure);
  const yardstick = medianOf(yardstickName);
  const measured = aim.isRatio ? yardstick / medianOf('product') : medianOf('product');
  return {
    aim: aim.aim,
    limit: limitText(aim),
    digits: aim.digits,
    unit: aim.unit,
    measured: finiteOrNull(measured),
    yardstick: aim.isRatio ? null : finiteOrNull(yardstick),
    isReached: isReached(aim, measured),
  };
}

function summarizeScenario(scenario, suite, rows) {
  const caseNames = [...new Set(rows.map((row) => row.case))];
  return {
    key: scenario.key,
    title: scenario.title,
    columns: scenario.columns,
    cases: caseNames.map((name) => summarizeCase(name, scenario, suite.yardstick, rows.filter((row) => row.case === name))),
  };
}

/** Medians by server, and product ÷ yardstick of each figure. */
function summarizeCase(name, scenario, yardstick, rows) {
  const servers = {};
  for (const server of scenario.servers) {
    const own = rows.filter((row) => row.server === server);
    if (own.length === 0) continue;
    servers[server] = Object.fromEntries(Object.keys(scenario.columns).map((figure) => [figure, finiteOrNull(medianFigure(own, figure))]));
  }
  const ratios = {};
  if (servers.product && servers[yardstick]) {
    for (const figure of Object.keys(scenario.columns)) ratios[figure] = finiteOrNull(servers.product[figure] / servers[yardstick][figure]);
  }
  return { name, servers, ratios, problems: [...new Set(rows.flatMap((row) => row.problems.map((problem) => `${row.server}, run ${row.run}: ${problem}`)))] };
}

const medianFigure = (rows, figure) => median(rows.map(({ figures }) => figures[figure] ?? NaN));
const finiteOrNull = (value) => (Number.isFinite(value) ? value : null);
