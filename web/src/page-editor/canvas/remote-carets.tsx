import type { PageCursor } from '@atrium/client';
import type { RefObject } from 'react';
import { classes } from '../../ui/classes.js';
import { personColour } from '../state/person-colour.js';
import type { Box, Elements } from './elements.js';
import styles from './remote-carets.module.css';

/** Lines of one selection that are marked. */
const MAX_LINES = 50;

interface RemoteCaretsProps {
  cursors: readonly PageCursor[];
  elements: Elements;
  content: RefObject<HTMLElement | null>;
}

/** Where others write: a caret in their colour, and what they have selected. */
export function RemoteCarets({ cursors, elements, content }: RemoteCaretsProps) {
  const origin = content.current?.getBoundingClientRect();
  if (!origin) return null;
  return cursors.map(({ connectionId, userId, editing }) => {
    const text = editing && textNodeOf(elements.get(String(editing.componentId)), editing.prop);
    if (!text) return null;
    const [caret, lines] = [caretBox(text, editing.end), linesOf(text, editing.start, editing.end)];
    return (
      <div key={connectionId} className={classes(styles.person, personColour(userId))} data-caret={userId}>
        {lines.map((line, at) => (
          <span key={at} className={styles.selected} style={styleOf(line, origin)} />
        ))}
        {caret && <span className={styles.caret} style={{ ...styleOf(caret, origin), width: 2 }} />}
      </div>
    );
  });
}

function styleOf({ left, top, right, bottom }: Box, origin: Box): { transform: string; width: number; height: number } {
  return { transform: `translate(${left - origin.left}px, ${top - origin.top}px)`, width: right - left, height: bottom - top };
}

function textNodeOf(element: HTMLElement | undefined, prop: string): Text | null {
  const node = element?.querySelector(`[data-prop="${CSS.escape(prop)}"]`)?.firstChild;
  return node instanceof Text ? node : null;
}

function rectsOf(text: Text, start: number, end: number): Box[] {
  const range = document.createRange();
  range.setStart(text, Math.min(start, text.length));
  range.setEnd(text, Math.min(Math.max(start, end), text.length));
  return [...range.getClientRects()];
}

/** The place between two characters: a range of nothing has often no box, but its neighbours have. */
function caretBox(text: Text, offset: number): Box | undefined {
  const at = Math.min(offset, text.length);
  const before = at > 0 && text.data[at - 1] !== '\n' ? rectsOf(text, at - 1, at).at(-1) : undefined;
  if (before) return { ...pick(before), left: before.right };
  const after = rectsOf(text, at, at + 1)[0];
  return after && { ...pick(after), right: after.left };
}

const pick = ({ left, top, right, bottom }: Box): Box => ({ left, top, right, bottom });

function linesOf(text: Text, start: number, end: number): Box[] {
  return start === end ? [] : rectsOf(text, start, end).slice(0, MAX_LINES);
}
