import { type KeyboardEvent, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { focusOnceVisible } from '../../ui/focus-once-visible.js';
import { pointIn } from '../message/use-row-pointer.js';
import type { Scope } from '../scope.js';
import type { Scrolling } from './use-scrolling.js';
import type { Shown } from './window-change.js';

/** Moves between messages by the keyboard. One of them is in the order of the Tab key, the others are a step of the arrows away. */
export function useRowKeys({ rows }: Shown, { scroller, list, toEnd }: Scrolling, { openMenu, focusComposer }: Scope) {
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const wanted = useRef(false);
  const activeIndex = useMemo(() => (activeKey === null ? -1 : rows.findLastIndex(({ key }) => key === activeKey)), [rows, activeKey]);

  const moveTo = (index: number): void => {
    const row = rows[Math.max(0, Math.min(index, rows.length - 1))];
    if (!row) return;
    wanted.current = true;
    setActiveKey(row.key);
  };

  // The row is kept mounted from now on, so that it is there to be focused.
  useLayoutEffect(() => {
    if (!wanted.current || activeIndex < 0) return;
    wanted.current = false;
    list.current?.scrollToIndex(activeIndex, { align: 'nearest' });
    return focusOnceVisible(() => rowElement(scroller.current, activeKey));
  }, [activeIndex, activeKey, list, scroller]);

  const lastVisible = (): number => (list.current && scroller.current ? list.current.findItemIndex(list.current.scrollOffset + scroller.current.clientHeight - 40) : rows.length - 1);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.key === 'Escape' && !event.defaultPrevented) return focusComposer();
    // Buttons and fields within a message have their own keys.
    const isRow = event.target instanceof HTMLElement && event.target.dataset.key !== undefined;
    if (!isRow || event.altKey || event.ctrlKey || event.metaKey) return;
    const row = rows[activeIndex];
    if (event.key === 'ArrowUp') moveTo(activeIndex - 1);
    else if (event.key === 'ArrowDown') moveTo(activeIndex + 1);
    else if (event.key === 'Home') moveTo(0);
    else if (event.key === 'End') {
      moveTo(rows.length - 1);
      toEnd();
    } else if (event.key === 'Enter' && row) openMenu(row.message, pointIn(event.target as Element));
    // Who begins to write wants to write a message: the key arrives there.
    else if (event.key.length === 1 && event.key !== ' ') return focusComposer();
    else return;
    event.preventDefault();
  };

  return {
    activeKey: activeIndex < 0 ? null : activeKey,
    activeIndex,
    handlers: {
      onKeyDown,
      onFocus: (event: { target: EventTarget; currentTarget: EventTarget }): void => {
        if (event.target === event.currentTarget) return moveTo(activeIndex < 0 ? lastVisible() : activeIndex);
        const key = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-key]')?.dataset.key : undefined;
        if (key !== undefined && !wanted.current) setActiveKey(key);
      },
    },
  };
}

function rowElement(scroller: HTMLElement | null, key: string | null): HTMLElement | null {
  return key === null ? null : (scroller?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`) ?? null);
}
