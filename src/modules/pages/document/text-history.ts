import type { Operation } from './json-document.js';
import type { Json } from './json-value.js';
import type { LoggedPatch } from './rebase.js';
import type { TextEdit } from './text-edit.js';

/** What the changes have made of the text at this pointer, one after the other. */
export function textEdits(changes: readonly LoggedPatch[], path: string, connection: string | undefined): TextEdit[] {
  const edits: TextEdit[] = [];
  for (const change of changes) {
    // The inverse has it backwards, and nothing else of a change crosses the text.
    const befores = change.inverse.filter((operation) => operation.path === path).toReversed();
    const afters = change.patches.filter((operation) => operation.path === path);
    const isOwn = connection !== undefined && change.connection === connection;
    afters.forEach((operation, index) => {
      const [before, after] = [valueOf(befores[index]), valueOf(operation)];
      if (typeof before !== 'string' || typeof after !== 'string') return;
      edits.push({ before, after, sent: isOwn ? (change.sentTexts?.get(path) ?? after) : undefined });
    });
  }
  return edits;
}

function valueOf(operation: Operation | undefined): Json | undefined {
  return operation && 'value' in operation ? operation.value : undefined;
}
