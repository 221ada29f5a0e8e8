import { Value } from '@atrium/client';
import { useReadable } from '@atrium/client/react';
import { type KeyboardEvent, type MouseEvent, type PointerEvent, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { classes } from '../../ui/classes.js';
import { COMPONENT_TYPES, typeOf } from '../components/component-types.js';
import { placeOnCanvas } from '../drag/canvas-drop.js';
import { followPress } from '../drag/drag-session.js';
import { useDropZone } from '../drag/use-drop-zone.js';
import { useEditor } from '../editor.js';
import { usePart } from '../state/use-part.js';
import { layoutOf } from './canvas-layout.js';
import { CanvasNode } from './canvas-node.js';
import styles from './canvas.module.css';
import { Cursors } from './cursors.js';
import { DropMark } from './drop-mark.js';
import { componentIdOf } from './elements.js';
import { Outlines } from './outlines.js';
import { type CanvasSource, CanvasSourceContext } from './source.js';
import { useOwnCursor } from './use-own-cursor.js';

/** The page as it will look, to be worked on. A press selects, with Shift several; two write; held and moved, they are dragged. */
export function Canvas() {
  const { t } = useTranslation();
  const editor = useEditor();
  const { page, selection, commands, elements, writing } = editor;
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const [hovered] = useState(() => new Value<string | null>(null));
  const rootId = usePart(page.view, (view) => (view ? String(view.schema.rootId) : null));
  const source = useMemo<CanvasSource>(() => ({ component: (id) => page.component(id), elements, writing, write: (id, prop, change) => commands.writeText([id], prop, change) }), [page, elements, writing, commands]);
  const cursor = useOwnCursor(content);
  const title = useReadable(page.state)?.title ?? '';

  const placeAt = useRef((x: number, y: number) => {
    const over = componentIdOf(document.elementFromPoint(x, y)) ?? String(page.tree.schema.rootId);
    return placeOnCanvas(layoutOf(editor), over, x, y);
  });
  useDropZone(scroller, placeAt);

  const press = (event: PointerEvent): void => {
    const id = componentIdOf(event.target);
    if (id === undefined) return;
    followPress(editor, event, () => {
      if (page.tree.parentOf(id) === undefined) return null;
      // What is pressed is dragged; with all that is selected, if it is part of that, or lies in it.
      const selected = [...selection.ids.get()].find((each) => page.tree.isWithin(id, each) && page.tree.parentOf(each) !== undefined);
      if (selected === undefined) commands.select([id]);
      return { kind: 'components', ids: [...selection.ids.get()] };
    });
  };
  const click = ({ target, shiftKey, metaKey, ctrlKey }: MouseEvent): void => {
    const id = componentIdOf(target) ?? rootId;
    if (id === null) return;
    if (shiftKey || metaKey || ctrlKey) selection.toggle(id);
    else commands.select([id]);
  };
  const write = ({ target }: MouseEvent): void => {
    const id = componentIdOf(target);
    const type = id === undefined ? undefined : typeOf(page.tree.component(id));
    if (id !== undefined && type && COMPONENT_TYPES[type].written && commands.canEdit) writing.set(id);
  };
  const key = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.altKey || event.metaKey || event.ctrlKey) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const rows = editor.outline.rows.get();
      const at = rows.findIndex(({ id }) => id === selection.lead);
      const next = rows[at + (event.key === 'ArrowDown' ? 1 : -1)];
      if (next) commands.select([next.id]);
      if (next) elements.get(next.id)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      const { lead } = selection;
      if (lead !== undefined) write({ target: elements.get(lead) ?? null } as unknown as MouseEvent);
    }
  };

  return (
    <div
      ref={scroller}
      className={classes(styles.scroller, 'desk')}
      role="group"
      aria-label={t('editor.canvasOf', { title })}
      data-canvas
      tabIndex={0}
      onPointerDown={press}
      onClick={click}
      onDoubleClick={write}
      onKeyDown={key}
      onPointerMove={(event) => {
        cursor.onPointerMove(event);
        hovered.set(event.pointerType === 'mouse' ? (componentIdOf(event.target) ?? null) : null);
      }}
      onPointerLeave={() => {
        cursor.onPointerLeave();
        hovered.set(null);
      }}
    >
      <div ref={content} className={styles.content}>
        <CanvasSourceContext value={source}>{rootId !== null && <CanvasNode key={rootId} id={rootId} isRoot />}</CanvasSourceContext>
        <Outlines content={content} hovered={hovered} />
        <DropMark content={content} />
        <Cursors content={content} />
      </div>
    </div>
  );
}
