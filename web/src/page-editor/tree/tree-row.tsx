import { useComponent } from '@atrium/client/react';
import { ChevronRight } from 'lucide-react';
import { memo, type MouseEvent, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useTakenFocus } from '../../ui/use-taken-focus.js';
import { componentName, componentText } from '../components/component-name.js';
import { iconOf } from '../components/component-types.js';
import { useEditor } from '../editor.js';
import type { Row } from '../state/outline.js';
import { OthersHere } from './others-here.js';
import styles from './component-tree.module.css';

export interface TreeRowProps {
  readonly row: Row;
  readonly isSelected: boolean;
  /** Where the tab key enters the tree. */
  readonly isTabStop: boolean;
  readonly takesFocus: boolean;
  readonly isDraggable: boolean;
  readonly onPress: (event: PointerEvent, id: string) => void;
}

export const TreeRow = memo(
  function TreeRow({ row, isSelected, isTabStop, takesFocus, isDraggable, onPress }: TreeRowProps) {
    const { t } = useTranslation();
    const { page, outline, selection, commands } = useEditor();
    const component = useComponent(page, row.id);
    const element = useTakenFocus<HTMLDivElement>(takesFocus);
    const Icon = iconOf(component);
    const click = ({ shiftKey, metaKey, ctrlKey }: MouseEvent): void => {
      if (metaKey || ctrlKey) selection.toggle(row.id);
      else if (shiftKey) selectTo(row.id);
      else commands.select([row.id]);
    };
    const selectTo = (id: string): void => {
      const ids = outline.rows.get().map((each) => each.id);
      const [from, to] = [ids.indexOf(selection.lead ?? id), ids.indexOf(id)];
      const range = ids.slice(Math.min(from, to), Math.max(from, to) + 1);
      selection.set(...(from <= to ? range : range.reverse()));
    };
    return (
      <div
        ref={element}
        role="treeitem"
        className={styles.row}
        style={{ paddingInlineStart: `${row.depth * 14 + 4}px` }}
        tabIndex={isTabStop ? 0 : -1}
        aria-level={row.depth + 1}
        aria-posinset={row.index + 1}
        aria-setsize={row.siblings}
        aria-selected={isSelected}
        aria-expanded={row.children > 0 ? row.isExpanded : undefined}
        data-row={row.id}
        data-draggable={isDraggable || undefined}
        onPointerDown={(event) => onPress(event, row.id)}
        onClick={click}
      >
        {row.children > 0 ? (
          <span className={styles.chevron} data-open={row.isExpanded || undefined} onPointerDown={(event) => event.stopPropagation()} onClick={(event) => toggle(event, () => outline.setExpanded(row.id, !row.isExpanded))} aria-hidden>
            <ChevronRight size={14} />
          </span>
        ) : (
          <span className={styles.chevron} />
        )}
        <Icon size={14} aria-hidden />
        <Words name={componentName(t, component)} text={componentText(component)} />
        <OthersHere id={row.id} />
      </div>
    );
  },
  (before, after) =>
    before.isSelected === after.isSelected &&
    before.isTabStop === after.isTabStop &&
    before.takesFocus === after.takesFocus &&
    before.isDraggable === after.isDraggable &&
    (Object.keys(after.row) as (keyof Row)[]).every((key) => before.row[key] === after.row[key]),
);

/** What it is called and what it says; the latter is cut first. */
function Words({ name, text }: { name: string; text: string }) {
  return (
    <span className={styles.words}>
      <span className={styles.name} data-name>
        {name}
      </span>
      {text !== '' && text !== name && <bdi className={styles.text}>{text}</bdi>}
    </span>
  );
}

function toggle(event: MouseEvent, action: () => void): void {
  event.stopPropagation();
  action();
}
