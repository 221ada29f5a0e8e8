import { useReadable } from '@atrium/client/react';
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { placeInTree } from '../drag/tree-drop.js';
import { followPress } from '../drag/drag-session.js';
import { useDropZone } from '../drag/use-drop-zone.js';
import { useCanEdit, useEditor } from '../editor.js';
import styles from './component-tree.module.css';
import { ROW_HEIGHT } from './row-height.js';
import { TreeMarks } from './tree-marks.js';
import { treeMove } from './tree-keys.js';
import { TreeRow } from './tree-row.js';

/** What is where on the page. Only what is in sight is rendered, so there may be thousands. */
export function ComponentTree() {
  const { t } = useTranslation();
  const canEdit = useCanEdit();
  const editor = useEditor();
  const { outline, selection, commands, page } = editor;
  const rows = useReadable(outline.rows);
  const selected = useReadable(selection.ids);
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useRef<VirtualizerHandle>(null);
  const [focusId, setFocusId] = useState<string>();
  const hadFocus = useRef(false);
  const lead = [...selected].at(-1);
  const indexOf = (id: string | undefined): number => (id === undefined ? -1 : rows.findIndex((row) => row.id === id));
  const stop = Math.max(0, indexOf(lead));

  const placeAt = useRef((_x: number, _y: number): ReturnType<typeof placeInTree> | null => null);
  useEffect(() => {
    placeAt.current = (_x, y) => {
      const { top } = scroller.current!.getBoundingClientRect();
      const at = (y - top + scroller.current!.scrollTop) / ROW_HEIGHT;
      const row = rows[Math.min(Math.floor(at), rows.length - 1)];
      // Below the last row is behind it.
      return row ? placeInTree(row, at >= rows.length ? 1 : at - Math.floor(at), commands.mayContain(row.id)) : null;
    };
  }, [rows, commands]);
  useDropZone(scroller, placeAt);

  // What is selected elsewhere comes into sight.
  useEffect(() => {
    if (lead !== undefined) virtualizer.current?.scrollToIndex(stop, { align: 'nearest' });
  }, [lead, stop]);

  // A row that goes, or comes to another place, loses the focus; its successor takes it.
  useEffect(() => {
    if (hadFocus.current && document.activeElement === document.body) setFocusId(rows[stop]?.id);
  }, [rows, stop]);

  const key = (event: KeyboardEvent): void => {
    if (event.altKey || event.metaKey || event.ctrlKey) return;
    const move = treeMove(event.key, rows, stop);
    if (!move) return;
    event.preventDefault();
    if (move.kind !== 'to') return outline.setExpanded(move.id, move.kind === 'expand');
    const { id } = rows[move.index]!;
    setFocusId(id);
    if (event.shiftKey) selection.set(...[...selected].filter((each) => each !== id), id);
    else selection.set(id);
  };
  const press = (event: PointerEvent, id: string): void => {
    followPress(editor, event, () => {
      if (page.tree.parentOf(id) === undefined) return null;
      if (!selection.has(id)) commands.select([id]);
      return { kind: 'components', ids: [...selection.ids.get()] };
    });
  };

  const focus = (): void => {
    hadFocus.current = true;
    setFocusId(undefined);
  };

  return (
    <div ref={scroller} className={styles.scroller}>
      <div role="tree" aria-label={t('editor.tree')} aria-multiselectable className={styles.tree} onKeyDown={key} onFocus={focus} onBlur={({ relatedTarget }) => (hadFocus.current = relatedTarget === null)}>
        <Virtualizer ref={virtualizer} data={rows} itemSize={ROW_HEIGHT} keepMounted={rows.length > 0 ? [stop] : []} scrollRef={scroller}>
          {(row, index) => (
            <TreeRow
              key={row.id}
              row={row}
              isSelected={selected.has(row.id)}
              isTabStop={index === stop}
              takesFocus={row.id === focusId}
              isDraggable={canEdit && row.parent !== null}
              onPress={press}
            />
          )}
        </Virtualizer>
      </div>
      <TreeMarks rows={rows} />
    </div>
  );
}
