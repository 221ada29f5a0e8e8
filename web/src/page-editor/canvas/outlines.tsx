import type { PageCursor, Readable } from '@atrium/client';
import { useCursors, usePageUsers, useReadable } from '@atrium/client/react';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { componentName } from '../components/component-name.js';
import { useEditor } from '../editor.js';
import { personColour } from '../state/person-colour.js';
import { userName } from '../state/user-name.js';
import { Frame } from './frame.js';
import styles from './outlines.module.css';
import { useLayoutTick } from './use-layout-tick.js';

interface OutlinesProps {
  content: RefObject<HTMLElement | null>;
  hovered: Readable<string | null>;
}

/** What lies over the canvas: frames around what is pointed at, what is selected, and what others have selected. */
export function Outlines({ content, hovered }: OutlinesProps) {
  const { t } = useTranslation();
  const { page, selection, elements } = useEditor();
  const tick = useLayoutTick(content);
  const selected = [...useReadable(selection.ids)];
  const pointedAt = useReadable(hovered);
  const cursors = useCursors(page);
  const users = usePageUsers(page);
  const nameOf = (id: string): string => componentName(t, page.component(id).get());
  const place = { elements, content };
  return (
    <div className={styles.layer} data-tick={tick} aria-hidden>
      {pointedAt !== null && !selected.includes(pointedAt) && <Frame {...place} id={pointedAt} kind="hovered" />}
      {othersOf(cursors).map(({ id, cursor }) => (
        <Frame key={`${cursor.connectionId} ${id}`} {...place} id={id} kind="others" colour={personColour(cursor.userId)} label={userName(users, cursor.userId)} />
      ))}
      {selected.map((id) => (
        <Frame key={id} {...place} id={id} kind="selected" label={selected.length === 1 ? nameOf(id) : undefined} />
      ))}
    </div>
  );
}

/** The last one who came to a component is named there. */
function othersOf(cursors: readonly PageCursor[]): { id: string; cursor: PageCursor }[] {
  const byId = new Map<string, PageCursor>();
  for (const cursor of cursors) for (const id of cursor.selection ?? []) byId.set(String(id), cursor);
  return [...byId].map(([id, cursor]) => ({ id, cursor }));
}
