/** a. The document alone, without server, socket or database: what one edit costs. */

import jsonPatch from 'fast-json-patch';
import json0 from 'ot-json0';
import { EditStream, toJson0, toJsonPatch } from './edits.mjs';
import { isTyping, TYPED_ID, TypedText, typingAt } from './typing.mjs';
import { describePage, LARGE_PAGE, ROOT_ID, samplePage } from './sample-page.mjs';

const PAGE_DOCUMENT = new URL('../../dist/src/modules/pages/page.document.js', import.meta.url);
/** Edits of one document; then a fresh one takes its place. */
const EDITS_PER_DOCUMENT = 50_000;
/** How many versions a stale patch lags behind. */
const BEHIND = 50;
/** The clock is read once in so many edits. */
const EDITS_PER_LOOK = 16;

const CASES = {
  'one property': () => writes((i) => ROOT_ID + 1 + ((i * 7) % (LARGE_PAGE - 1))),
  'edits as people make them': () => {
    const stream = new EditStream(0, LARGE_PAGE);
    return Array.from({ length: EDITS_PER_DOCUMENT }, () => stream.next(true));
  },
  [`${BEHIND} versions behind, elsewhere`]: () => writes((i) => ROOT_ID + 1 + ((i * 7) % (LARGE_PAGE - 1))),
  [`${BEHIND} versions behind, on the same component`]: () => writes(() => TYPED_ID),
  [`${BEHIND} versions behind, typing into the same text`]: () => Array.from({ length: EDITS_PER_DOCUMENT }, (_, i) => typingAt(i)),
};

const isStale = (name) => name.includes('behind');

export const apply = {
  key: 'a',
  title: `Applying edits to a page of ${describePage(LARGE_PAGE)} in memory (sharedb: ot-json0’s transform and apply; fast-json-patch: without mutation, no versions)`,
  servers: ['product', 'sharedb', 'fast-json-patch'],
  isServerless: true,
  columns: { opsPerSecond: { label: 'ops/s', digits: 0 }, micros: { label: 'CPU µs/op', digits: 2 } },
  cases: ({ isQuick, serverName }) =>
    Object.keys(CASES)
      .filter((name) => serverName !== 'fast-json-patch' || !isStale(name))
      .map((name) => ({ world: {}, params: { name, seconds: isQuick ? 0.5 : 2 } })),

  async measure(context) {
    const { name, seconds } = context.params;
    const edits = CASES[name]();
    const { makeDocument, prepare } = await engines[context.serverName](isStale(name) ? BEHIND : 0);
    const inputs = edits.map(prepare);
    // The first document is for V8 to compile the code on.
    applyFor(seconds / 2, makeDocument, inputs);
    const figures = applyFor(seconds, makeDocument, inputs);
    context.progress(`${name}: ${Math.round(figures.opsPerSecond)} ops/s`);
    return [{ case: name, figures, problems: [] }];
  },
};

function writes(idOf) {
  return Array.from({ length: EDITS_PER_DOCUMENT }, (_, i) => ({ kind: 'write', id: idOf(i), text: `${i}`.padEnd(40, ' dolor') }));
}

/** Each makes documents that are functions of an input, and inputs of edits. */
const engines = {
  async product(behind) {
    const { PageDocument } = await import(PAGE_DOCUMENT);
    return {
      prepare: (edit) => (isTyping(edit) ? edit : toJsonPatch(edit)),
      makeDocument() {
        const document = new PageDocument(pageWithParagraph(), 0);
        const typed = new TypedText(behind);
        let turn = 0;
        return (input) => {
          const patches = isTyping(input) ? typed.toJsonPatch(input) : input;
          document.propose({ actorId: ACTORS[turn++ % ACTORS.length], patches, version: Math.max(0, document.version - behind), mode: 'rebase' });
          if (patches !== input) typed.became(TypedText.of(document.schema));
        };
      },
    };
  },

  /** As ShareDB's server does it, but for its copies of the page. */
  async sharedb(behind) {
    return {
      prepare: (edit) => (isTyping(edit) ? edit : toJson0(edit)),
      makeDocument() {
        let page = pageWithParagraph();
        const typed = new TypedText(behind);
        const recent = [];
        return (input) => {
          let op = isTyping(input) ? typed.toJson0(input) : input;
          for (const past of recent) op = json0.type.transform(op, past, 'left');
          page = json0.type.apply(page, op);
          if (behind > 0 && recent.push(op) > behind) recent.shift();
          if (isTyping(input)) typed.became(TypedText.of(page));
        };
      },
    };
  },

  async 'fast-json-patch'() {
    return {
      prepare: toJsonPatch,
      makeDocument() {
        let page = samplePage(LARGE_PAGE);
        return (patches) => {
          page = jsonPatch.applyPatch(page, patches, false, false).newDocument;
        };
      },
    };
  },
};

function pageWithParagraph() {
  const page = samplePage(LARGE_PAGE);
  page.components[TYPED_ID].props.text = new TypedText(0).first;
  return page;
}

const ACTORS = Array.from({ length: 50 }, (_, i) => `editor-${i}`);

/** Applies the inputs to one document after the other; only applying is on the clock. */
function applyFor(seconds, makeDocument, inputs) {
  let [ops, elapsedMs, micros] = [0, 0, 0];
  while (elapsedMs < seconds * 1000) {
    const applyOne = makeDocument();
    const [startedAtMs, cpuBefore] = [performance.now(), process.cpuUsage()];
    const deadline = startedAtMs + seconds * 1000 - elapsedMs;
    let i = 0;
    while (i < inputs.length && (i % EDITS_PER_LOOK !== 0 || performance.now() < deadline)) applyOne(inputs[i++]);
    const cpu = process.cpuUsage(cpuBefore);
    elapsedMs += performance.now() - startedAtMs;
    micros += cpu.user + cpu.system;
    ops += i;
  }
  return { opsPerSecond: (ops / elapsedMs) * 1000, micros: micros / ops };
}
