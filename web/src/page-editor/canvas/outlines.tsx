import type { PageCursor, Readable } from '@atrium/client';
import { useCursors, usePageUsers, useReadable } from '@atrium/client/react';
import { type RefObject, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { initialsOf } from '../../ui/avatar-initials.js';
import { componentName } from '../components/component-name.js';
import { useEditor } from '../editor.js';
import { personColour } from '../state/person-colour.js';
import { userName } from '../state/user-name.js';
import { Frame } from './frame.js';
import styles from './outlines.module.css';
import { placeTags } from './place-tags.js';
import { RemoteCarets } from './remote-carets.js';
import { useLayoutTick } from './use-layout-tick.js';

interface OutlinesProps {
  content: RefObject<HTMLElement | null>;
  hovered: Readable<string | null>;
}

/** What lies over the canvas: frames around what is pointed at, what is selected, and what others have selected. */
export function Outlines({ content, hovered }: OutlinesProps) {
  const { t } = useTranslation();
  const { page, selection, elements, writing: written } = useEditor();
  const writing = useReadable(written);
  const tick = useLayoutTick(content);
  const selected = [...useReadable(selection.ids)];
  const pointedAt = useReadable(hovered);
  const cursors = useCursors(page);
  const users = usePageUsers(page);
  const layer = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (layer.current && content.current) placeTags(layer.current, content.current);
  });
  const nameOf = (id: string): string => componentName(t, page.component(id).get());
  const place = { elements, content };
  return (
    <div ref={layer} className={styles.layer} data-tick={tick} aria-hidden>
      {pointedAt !== null && !selected.includes(pointedAt) && <Frame {...place} id={pointedAt} kind="hovered" />}
      {/* First, so that no frame is drawn over the name of somebody. */}
      {selected.map((id) => (
        <Frame key={id} {...place} id={id} kind="selected" label={selected.length === 1 && writing !== id ? nameOf(id) : undefined} />
      ))}
      {othersOf(cursors).map(({ id, userIds, writers }) => {
        const names = (writers.length > 0 ? writers : userIds).map((userId) => userName(users, userId)).join(', ');
        const label = writers.length > 0 ? t('editor.isWriting', { name: names }) : names;
        return <Frame key={id} {...place} id={id} kind="others" colour={personColour((writers[0] ?? userIds[0])!)} label={label} initial={initialsOf(names)} />;
      })}
      <RemoteCarets cursors={cursors} {...place} />
    </div>
  );
}

interface OthersAt {
  readonly id: string;
  /** Who has it selected. */
  readonly userIds: readonly string[];
  /** Who writes into it. */
  readonly writers: readonly string[];
}

/** Where the others are: one frame for a component, whoever is there. */
function othersOf(cursors: readonly PageCursor[]): OthersAt[] {
  const selected = new Map<string, Set<string>>();
  const written = new Map<string, Set<string>>();
  const put = (map: Map<string, Set<string>>, id: string | number, userId: string): void => void map.set(String(id), (map.get(String(id)) ?? new Set()).add(userId));
  for (const { selection, editing, userId } of cursors) {
    for (const id of selection ?? []) put(selected, id, userId);
    if (editing) put(written, editing.componentId, userId);
  }
  const ids = new Set([...selected.keys(), ...written.keys()]);
  return [...ids].map((id) => ({ id, userIds: [...(selected.get(id) ?? [])], writers: [...(written.get(id) ?? [])] }));
}
