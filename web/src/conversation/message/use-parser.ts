import { useSyncExternalStore } from 'react';
import { asWritten, type Block } from './message-tree.js';

/** Makes of a message the parts that it consists of. */
export type Parse = (content: string) => readonly Block[];

let parse: Parse = asWritten;
let loading: Promise<void> | undefined;
const listeners = new Set<() => void>();

/** Once; when that failed, again with the next one who needs it. */
function load(): void {
  loading ??= import('./markdown.js').then(
    ({ parseMarkdown }) => {
      parse = parseMarkdown;
      for (const listener of listeners) listener();
    },
    () => void (loading = undefined),
  );
}

// The parser comes beside the screen and not before it, usually before there are messages to show.
load();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  load();
  return () => listeners.delete(listener);
}

/** How messages are read: as they were written until the parser is there, and as Markdown then. */
export function useParser(): Parse {
  return useSyncExternalStore(subscribe, () => parse);
}
