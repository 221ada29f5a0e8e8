/** What one operation of somebody meant. Ids are those of components. */
export type Change =
  | { readonly kind: 'added' | 'removed'; readonly id: string; readonly count: number }
  | { readonly kind: 'moved'; readonly from: string; readonly to: string }
  | { readonly kind: 'renamed'; readonly id: string; readonly name: string }
  | { readonly kind: 'prop'; readonly id: string; readonly prop: string }
  | { readonly kind: 'other'; readonly id: string | null };

interface Patch {
  readonly op: string;
  readonly path: string;
  readonly from?: string | undefined;
  readonly value?: unknown;
}

const tokensOf = (pointer: string): string[] => pointer.split('/').slice(1).map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));

/** What a patch did, as one would say it: each thing once, however many operations it took. Any patch can be told of. */
export function changesOf(patches: readonly unknown[]): Change[] {
  const operations = patches.filter(isPatch).map((patch) => ({ ...patch, tokens: tokensOf(patch.path) }));
  const isComponent = (tokens: readonly string[]): boolean => tokens.length === 2 && tokens[0] === 'components';
  const added = new Set(operations.filter(({ op, tokens }) => op === 'add' && isComponent(tokens)).map(({ tokens }) => tokens[1]!));
  const removed = operations.filter(({ op, tokens }) => op === 'remove' && isComponent(tokens)).map(({ tokens }) => tokens[1]!);
  // Those that lie in another one of them came, or went, with it.
  const within = new Set(operations.filter(({ op, tokens }) => op === 'add' && isComponent(tokens)).flatMap(({ value }) => childrenOf(value)));
  const listed = [...added].filter((id) => !within.has(id));
  const unlisted = operations.filter(({ op, tokens }) => op === 'remove' && tokens[2] === 'children').length;
  const changes = new Map<string, Change>();
  if (added.size > 0) changes.set('added', { kind: 'added', id: listed[0] ?? [...added][0]!, count: Math.max(1, listed.length) });
  if (removed.length > 0) changes.set('removed', { kind: 'removed', id: removed[0]!, count: Math.max(1, unlisted) });
  for (const { op, tokens, from, value } of operations) {
    const [root, id, member, prop] = tokens;
    const set = (change: Change): void => void changes.set(JSON.stringify([change.kind, id, member, prop && member === 'props' ? prop : '']), change);
    if (root !== 'components' || id === undefined) set({ kind: 'other', id: null });
    else if (member === undefined) {
      if (op === 'replace') set({ kind: 'other', id });
    } else if (added.has(id) || removed.includes(id)) continue;
    else if (member === 'children') {
      if (op === 'move') set({ kind: 'moved', from: tokensOf(from ?? '')[1] ?? id, to: id });
      else if (op === 'replace') {
        // A whole list is written where something came or went, too.
        if (added.size + removed.length === 0) set({ kind: 'other', id });
      } else if (op === 'add' && prop !== undefined && !added.has(String(value))) set({ kind: 'moved', from: id, to: id });
    } else if (member === 'name' && typeof value === 'string') set({ kind: 'renamed', id, name: value });
    else if (member === 'props' && prop !== undefined) set({ kind: 'prop', id, prop });
    else if (member !== 'parentId' && !(member === 'props' && op === 'add')) set({ kind: 'other', id });
  }
  return [...changes.values()];
}

function childrenOf(component: unknown): string[] {
  const children = typeof component === 'object' && component !== null ? (component as { children?: unknown }).children : undefined;
  return Array.isArray(children) ? children.map(String) : [];
}

function isPatch(value: unknown): value is Patch {
  return typeof value === 'object' && value !== null && typeof (value as Patch).op === 'string' && typeof (value as Patch).path === 'string';
}
