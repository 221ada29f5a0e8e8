/** The results of `npm run bench:web` as a person reads them. */

const BUDGETS = { interactiveMs: 2_000, scriptKilobytes: 250 };
const COLUMNS = [
  ['first paint ms', 'firstPaintMs'],
  ['content visible ms', 'visibleMs'],
  ['interactive ms', 'interactiveMs'],
  ['main thread blocked ms', 'blockedMs'],
  ['JavaScript KB, as sent', 'scriptKilobytes'],
];

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

export function toMarkdown({ machine, runs, screens, scrolling }) {
  const medians = screens.map(({ name, loads }) => ({ name, figures: Object.fromEntries(COLUMNS.map(([, key]) => [key, median(loads.map((load) => load[key]))])) }));
  const worst = (key) => Math.max(...medians.map(({ figures }) => figures[key]));
  const row = (...cells) => `| ${cells.join(' | ')} |`;
  const verdict = (key) => (worst(key) < BUDGETS[key] ? 'yes' : '**no**');
  return `# The web app in Chromium

Medians of ${runs} loads with empty caches, from a server on the same machine; 1280 × 800. Interactive: the content is there and the main thread is free.

- ${machine.date}, commit ${machine.commit}
- ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.kernel}
- Node ${machine.node}, PostgreSQL ${machine.database.version} (embedded), Chromium ${machine.chromium}, headless, without a GPU

${row('budget', 'limit', 'worst screen', 'kept')}
${row('---', '---:', '---:', '---')}
${row('interactive', '< 2 s', `${Math.round(worst('interactiveMs'))} ms`, verdict('interactiveMs'))}
${row('JavaScript of the first load, compressed', '< 250 KB', `${worst('scriptKilobytes').toFixed(0)} KB`, verdict('scriptKilobytes'))}

${row('screen', ...COLUMNS.map(([label]) => label))}
${row('---', ...COLUMNS.map(() => '---:'))}
${medians.map(({ name, figures }) => row(name, ...COLUMNS.map(([, key]) => Math.round(figures[key])))).join('\n')}

Scrolling upwards through a room of 100,000 messages, ${scrolling.messagesSeen.toLocaleString('en')} of them seen, loaded as it goes: a frame takes
${scrolling.frameP50Ms.toFixed(1)} ms (p50), ${scrolling.frameP95Ms.toFixed(1)} ms (p95), ${scrolling.frameMaxMs.toFixed(0)} ms at most; ${scrolling.rowsDrawn} rows are drawn at a time.
`;
}
