/** The summary as Markdown. */

const NOT_MEASURED = '–';

export function toMarkdown(suite, summary) {
  return [
    `# ${suite.title}`,
    machineSection(suite, summary),
    summary.aims.length > 0 ? aimsSection(suite, summary.aims) : '',
    ...summary.scenarios.filter(({ cases }) => cases.length > 0).map((scenario) => scenarioSection(suite, scenario)),
    summary.generator ? generatorSection(summary.generator) : '',
  ]
    .filter((section) => section !== '')
    .join('\n\n')
    .concat('\n');
}

function machineSection(suite, { machine, runs, isQuick, isValid }) {
  const { fsync, database } = machine;
  const postgres = database ? `PostgreSQL ${database.version} (embedded), fsync ${database.fsync}, synchronous_commit ${database.synchronousCommit}` : 'no PostgreSQL';
  const versions = Object.entries(machine.packages).map(([name, version]) => `${name} ${version}`).join(', ');
  const method = isQuick ? 'Quick run: figures for development only.' : `Medians of ${runs} interleaved runs.`;
  const validity = isValid
    ? `Valid: ${suite.validity}.`
    : '**Not valid: see the problems below the tables.**';
  return [
    `${method} ${validity}`,
    '',
    `- ${machine.date}, commit ${machine.commit}`,
    `- ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.kernel}`,
    `- Node ${machine.node}, ${versions}, ${postgres}`,
    `- fsync of 8 KB: p50 ${fsync.p50Micros} µs, p99 ${fsync.p99Micros} µs`,
    `- load average before the first run: ${machine.loadAverage.join(', ')}`,
    ...suite.notes.map((note) => `- ${note}`),
  ].join('\n');
}

function aimsSection(suite, aims) {
  const rows = aims.map(({ aim, limit, measured, yardstick, digits, isReached }) => [
    aim,
    limit,
    format(measured, digits),
    yardstick === null ? NOT_MEASURED : format(yardstick, digits),
    isReached ? 'yes' : '**no**',
  ]);
  return `## Aims\n\n${table(['aim', 'target', 'product', suite.yardstick, 'reached'], rows)}`;
}

function scenarioSection(suite, { key, title, columns, cases }) {
  const names = Object.keys(columns);
  const header = ['case', 'server', ...names.map((name) => columns[name].label)];
  const rows = cases.flatMap(({ name, servers, ratios }) => {
    const lines = Object.entries(servers).map(([server, figures]) => [name, server, ...names.map((figure) => format(figures[figure], columns[figure].digits))]);
    if (Object.keys(ratios).length > 0) lines.push([name, `product ÷ ${suite.yardstick}`, ...names.map((figure) => format(ratios[figure], 2))]);
    return lines;
  });
  const problems = cases.flatMap((one) => one.problems.map((problem) => `- ${one.name}: ${problem}`));
  const problemText = problems.length > 0 ? `\n\nProblems:\n${problems.join('\n')}` : '';
  return `## ${key}. ${title}\n\n${table(header, rows)}${problemText}`;
}

function generatorSection(rows) {
  const lines = rows.map(({ framesPerWrite, framesPerSecond, microsPerFrame, userMicrosPerFrame }) => [
    String(framesPerWrite),
    format(framesPerSecond, 0),
    format(microsPerFrame, 3),
    format(userMicrosPerFrame, 3),
  ]);
  const header = ['frames in one server write', 'frames/s', 'generator CPU µs/frame', 'of it outside the kernel'];
  return `## The load generator's own cost\n\n${table(header, lines)}`;
}

export function format(value, digits) {
  if (value === null || !Number.isFinite(value)) return NOT_MEASURED;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function table(header, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const alignment = header.map((_, i) => (i === 0 ? '---' : '---:'));
  return [line(header), line(alignment), ...rows.map(line)].join('\n');
}
