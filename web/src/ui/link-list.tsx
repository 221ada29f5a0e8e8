import { createContext, type FocusEvent, Fragment, type KeyboardEvent, type ReactNode, useContext, useLayoutEffect, useRef, useState } from 'react';
import { type CustomItemComponentProps, Virtualizer, type VirtualizerHandle } from 'virtua';
import styles from './link-list.module.css';
import { stepFrom } from './step.js';

/** How many there are, which the rows that are rendered cannot know. */
const SizeContext = createContext(0);
/** More are asked for this many rows before the end. */
const LOAD_AHEAD_ROWS = 20;

/** What a row has to heed; its link carries the id as `data-row`. */
export interface LinkRow {
  isCurrent: boolean;
  /** Whether the tab key stops here; the arrow keys do the rest. */
  isTabStop: boolean;
  /** Takes the focus as soon as it is there: a row far away is only rendered once the list has scrolled to it. */
  takesFocus: boolean;
}

export interface LinkListProps<T extends { id: string }> {
  items: readonly T[];
  /** Of what is open. */
  currentId: string | undefined;
  /** Called when the end comes near. */
  onNearEnd?: () => void;
  /** After the last row. */
  end?: ReactNode;
  children: (item: T, row: LinkRow) => ReactNode;
}

/** Links, however many. The tab key enters the list once; ↑, ↓, Home and End move in it; Enter opens. */
export function LinkList<T extends { id: string }>({ items, currentId, onNearEnd, end, children }: LinkListProps<T>) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useRef<VirtualizerHandle>(null);
  const [stopId, setStopId] = useState<string>();
  const [focusId, setFocusId] = useState<string>();
  const [shownId, setShownId] = useState(currentId);

  const indexOf = (id: string | undefined): number => items.findIndex((item) => item.id === id);
  const stop = [stopId, currentId].map(indexOf).find((index) => index >= 0) ?? 0;

  if (currentId !== shownId) {
    setShownId(currentId);
    setStopId(currentId ?? shownId);
    // Who comes back goes on where that is.
    if (currentId === undefined) setFocusId(shownId);
  }

  useLayoutEffect(() => {
    if (focusId !== undefined) virtualizer.current?.scrollToIndex(stop, { align: 'nearest' });
  }, [focusId, stop]);

  const move = (event: KeyboardEvent): void => {
    // Not in a menu of the row, whose keys are its own.
    if (!(event.target as Element).matches('[data-row]')) return;
    const next = stepFrom(event.key, stop, items.length);
    if (next === null) return;
    event.preventDefault();
    setStopId(items[next]?.id);
    setFocusId(items[next]?.id);
  };
  const takeNote = (event: FocusEvent): void => {
    const id = idOf(event.target);
    if (id === undefined) return;
    setStopId(id);
    setFocusId(undefined);
  };
  const lookAhead = (): void => {
    const list = virtualizer.current;
    if (!list || !scroller.current || !onNearEnd) return;
    if (list.findItemIndex(list.scrollOffset + scroller.current.clientHeight) > items.length - LOAD_AHEAD_ROWS) onNearEnd();
  };

  return (
    <div ref={scroller} className={styles.scroller} onKeyDown={move} onFocus={takeNote}>
      <SizeContext value={items.length}>
        <Virtualizer ref={virtualizer} as="ul" item={Item} data={items} keepMounted={[stop]} scrollRef={scroller} onScroll={lookAhead}>
          {(item, index) => <Fragment key={item.id}>{children(item, { isCurrent: item.id === currentId, isTabStop: index === stop, takesFocus: item.id === focusId })}</Fragment>}
        </Virtualizer>
      </SizeContext>
      {end}
    </div>
  );
}

function Item({ children, style, index, ref }: CustomItemComponentProps) {
  const size = useContext(SizeContext);
  return (
    <li ref={ref} style={style} aria-posinset={index + 1} aria-setsize={size}>
      {children}
    </li>
  );
}

/** Of the row that it is in. */
function idOf(element: Element): string | undefined {
  return element.closest('li')?.querySelector<HTMLElement>('[data-row]')?.dataset['row'];
}
