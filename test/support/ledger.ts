/** A send as its client knows it. `unknown`: no answer, or one that says to send again; it may or may not be stored. */
export interface Send {
  opId: string;
  channelId: string;
  content: string;
  outcome: 'ok' | 'fail' | 'unknown';
  /** Where it is stored, once the outcome is ok. */
  seq?: number;
}

/** An entry as it reached a member, live or by resume. Only messages have an opId and a content. */
export interface Delivery {
  seq: number;
  opId?: string;
  content?: string;
}

/** What a member got of a channel, in order of arrival, from the entry after `from` on. */
export interface Stream {
  reader: string;
  channelId: string;
  from: number;
  deliveries: Delivery[];
}

/** A channel as the server tells it: its journal, and the history of its messages. */
export interface Channel {
  channelId: string;
  entries: Delivery[];
  history: Delivery[];
}

/** What everyone noted. */
export interface Ledger {
  sends: Send[];
  streams: Stream[];
}

const FINDINGS = ['ackedButMissing', 'failedButStored', 'storedTwice', 'seqHoles', 'deliveryGaps', 'deliveredTwice', 'inversions', 'divergences', 'undecided'] as const;

/** How often each kind of loss has happened, and in words where. */
export type Findings = Record<(typeof FINDINGS)[number], string[]>;

/** Compares what clients noted with what the server has. Everyone must be at rest, and caught up. */
export function audit({ sends, streams }: Ledger, channels: readonly Channel[]): Findings {
  const findings = Object.fromEntries(FINDINGS.map((name) => [name, [] as string[]])) as Findings;
  for (const channel of channels) {
    auditJournal(channel, findings);
    auditSends(sends.filter((send) => send.channelId === channel.channelId), channel, findings);
    for (const stream of streams.filter((one) => one.channelId === channel.channelId)) auditStream(stream, channel, findings);
  }
  return findings;
}

export function isClean(findings: Findings): boolean {
  return FINDINGS.every((name) => findings[name].length === 0);
}

function auditJournal({ channelId, entries, history }: Channel, findings: Findings): void {
  entries.forEach(({ seq }, index) => {
    if (seq !== index + 1) findings.seqHoles.push(`${channelId}: ${seq} stands at place ${index + 1}`);
  });
  const messages = entries.filter((entry) => entry.opId !== undefined);
  const seen = new Set<string>();
  for (const { opId, seq } of messages) {
    if (seen.has(opId!)) findings.storedTwice.push(`${channelId}: ${opId} also at ${seq}`);
    seen.add(opId!);
  }
  compare(`${channelId}: history`, history, messages, findings.divergences);
}

function auditSends(sends: readonly Send[], { channelId, entries }: Channel, findings: Findings): void {
  const stored = new Map(entries.filter((entry) => entry.opId !== undefined).map((entry) => [entry.opId!, entry]));
  for (const { opId, outcome, seq, content } of sends) {
    const entry = stored.get(opId);
    if (outcome === 'unknown') findings.undecided.push(`${channelId}: ${opId}`);
    if (outcome === 'fail' && entry) findings.failedButStored.push(`${channelId}: ${opId} at ${entry.seq}`);
    if (outcome === 'ok' && (entry?.seq !== seq || entry?.content !== content)) findings.ackedButMissing.push(`${channelId}: ${opId} at ${seq}`);
  }
}

function auditStream({ reader, channelId, from, deliveries }: Stream, { entries }: Channel, findings: Findings): void {
  const name = `${channelId}: ${reader}`;
  const seen = new Set<number>();
  let last = from;
  for (const { seq } of deliveries) {
    if (seen.has(seq)) findings.deliveredTwice.push(`${name} got ${seq} again`);
    else if (seq < last) findings.inversions.push(`${name} got ${seq} after ${last}`);
    seen.add(seq);
    last = Math.max(last, seq);
  }
  const due = entries.filter((entry) => entry.seq > from);
  for (const { seq } of due) if (!seen.has(seq)) findings.deliveryGaps.push(`${name} did not get ${seq}`);
  const got = new Map(deliveries.map((delivery) => [delivery.seq, delivery]));
  compare(name, [...got.values()].sort((a, b) => a.seq - b.seq), due.filter((entry) => seen.has(entry.seq)), findings.divergences);
}

function compare(name: string, actual: readonly Delivery[], expected: readonly Delivery[], divergences: string[]): void {
  const [left, right] = [actual, expected].map((side) => side.map(({ seq, opId, content }) => `${seq} ${opId} ${content}`));
  for (let i = 0; i < Math.max(left!.length, right!.length); i++) {
    if (left![i] !== right![i]) divergences.push(`${name} has ${left![i]} instead of ${right![i]}`);
  }
}
