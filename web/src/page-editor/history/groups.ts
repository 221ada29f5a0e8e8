import type { PagesApi } from '@atrium/client';

/** One entry of a page's history. */
export type PageChange = Awaited<ReturnType<PagesApi['history']>>['items'][number];

/** What somebody did in one go. */
export interface ChangeGroup {
  readonly actorId: string | null;
  /** The newest first. */
  readonly entries: readonly PageChange[];
  /** The version that they led to. */
  readonly version: number;
  /** The version before them. */
  readonly base: number;
  readonly since: string;
  readonly until: string;
}

/** Whoever pauses for longer has begun something else. */
const PAUSE_MS = 5 * 60_000;

/** @param changes the newest first */
export function groupsOf(changes: readonly PageChange[]): ChangeGroup[] {
  const groups: PageChange[][] = [];
  for (const change of changes) {
    const later = groups.at(-1)?.at(-1);
    const isSame = later && later.actorId === change.actorId && Date.parse(later.at) - Date.parse(change.at) < PAUSE_MS && (later.type === 'op-patch') === (change.type === 'op-patch');
    if (isSame) groups.at(-1)!.push(change);
    else groups.push([change]);
  }
  return groups.map((entries) => {
    const [newest, oldest] = [entries[0]!, entries.at(-1)!];
    return { actorId: newest.actorId, entries, version: newest.version, base: oldest.version - 1, since: oldest.at, until: newest.at };
  });
}
