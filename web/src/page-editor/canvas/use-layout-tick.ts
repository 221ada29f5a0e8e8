import { type RefObject, useEffect, useState } from 'react';
import { useEditor } from '../editor.js';

/** A number that changes after everything that may have moved something on the canvas: whoever measures reads it. */
export function useLayoutTick(content: RefObject<HTMLElement | null>): number {
  const { page } = useEditor();
  const [tick, setTick] = useState(0);
  useEffect(() => {
    let frame = 0;
    const measure = (): void => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => setTick((number) => number + 1));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(content.current!);
    const stop = page.view.subscribe(measure);
    measure();
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
      stop();
    };
  }, [page, content]);
  return tick;
}
