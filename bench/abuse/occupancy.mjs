/**
 * How long one patch keeps everybody else waiting, in memory: `node bench/abuse/occupancy.mjs [dist]`. Each attack is made several times on a
 * fresh page, and the shortest time counts: the machine may be busy with something else. To compare two builds, give each one's `dist`.
 */

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PAGE_ATTACKS } from './page-attacks.mjs';

const ROUNDS = 3;
/** A build that takes minutes need not be waited for again. */
const ENOUGH_MS = 1_000;

const dist = resolve(process.argv[2] ?? new URL('../../dist', import.meta.url).pathname);
const load = (file) => import(pathToFileURL(`${dist}/src/modules/pages/${file}`).href);
const { PageDocument } = await load('page.document.js');
const { checkPatch } = await load('document/page-limits.js');

/** One attack, in milliseconds, and what came of it. */
function attack({ page, before, patches, version }) {
  const document = new PageDocument(page, 0);
  for (const change of before) document.propose({ actorId: 'victim', patches: change, version: document.version, mode: 'rebase' });
  const text = JSON.stringify(patches);
  const start = performance.now();
  const outcome = outcomeOf(() => {
    const sent = JSON.parse(text);
    checkPatch(sent);
    return document.propose({ actorId: 'attacker', patches: sent, version: version ?? document.version, mode: 'rebase' }).outcome;
  });
  return { ms: performance.now() - start, kilobytes: text.length / 1_000, outcome };
}

function outcomeOf(work) {
  try {
    return work();
  } catch (error) {
    return error.code ?? error.name;
  }
}

for (const [name, make] of Object.entries(PAGE_ATTACKS)) {
  let best = attack(make());
  for (let round = 1; round < ROUNDS && best.ms < ENOUGH_MS; round++) {
    const next = attack(make());
    if (next.ms < best.ms) best = next;
  }
  console.log(`${name.padEnd(54)} ${best.ms.toFixed(1).padStart(9)} ms  ${best.kilobytes.toFixed(0).padStart(4)} KB  ${best.outcome}`);
}
