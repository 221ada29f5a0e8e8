import { type PointerEvent, type RefObject, useCallback, useEffect, useRef } from 'react';
import { useEditor } from '../editor.js';
import { LOGICAL_WIDTH, OFF_CANVAS } from './cursor-position.js';
import { componentIdOf } from './elements.js';

/** Who is silent for longer is taken for absent; whoever has something selected is not. */
const REPEAT_MS = 7_000;
/** As many as may be told. */
const MAX_SELECTED = 100;

/** Tells the others where one's pointer is, what is selected, and where one writes. */
export function useOwnCursor(content: RefObject<HTMLElement | null>): { onPointerMove: (event: PointerEvent) => void; onPointerLeave: () => void } {
  const { page, selection, editing } = useEditor();
  const position = useRef<{ x: number; y: number; componentId?: string | number | null }>(OFF_CANVAS);
  const tell = useCallback((): void => {
    const idOf = (id: string): string | number => page.tree.component(id)?.id ?? id;
    const written = editing.get();
    const place = written && page.tree.component(written.id) && { componentId: idOf(written.id), prop: written.prop, start: written.start, end: written.end };
    page.moveCursor({ ...position.current, selection: [...selection.ids.get()].slice(-MAX_SELECTED).map(idOf), ...(place && { editing: place }) });
  }, [page, selection, editing]);
  useEffect(() => {
    const stops = [selection.ids.subscribe(tell), editing.subscribe(tell)];
    const timer = setInterval(() => {
      if (selection.size > 0 && document.visibilityState === 'visible') tell();
    }, REPEAT_MS);
    return () => {
      for (const stop of stops) stop();
      clearInterval(timer);
    };
  }, [selection, editing, tell]);
  return {
    onPointerMove: ({ clientX, clientY, target }) => {
      const { left, top, width } = content.current!.getBoundingClientRect();
      const id = componentIdOf(target);
      position.current = { x: Math.round(((clientX - left) / width) * LOGICAL_WIDTH), y: Math.round(clientY - top), componentId: id === undefined ? null : (page.tree.component(id)?.id ?? id) };
      tell();
    },
    onPointerLeave: () => {
      position.current = OFF_CANVAS;
      tell();
    },
  };
}
