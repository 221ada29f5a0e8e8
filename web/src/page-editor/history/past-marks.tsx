import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Elements } from '../canvas/elements.js';
import { Frame } from '../canvas/frame.js';
import outlines from '../canvas/outlines.module.css';
import { placeTags } from '../canvas/place-tags.js';
import type { Difference } from './compare.js';

interface PastMarksProps {
  content: RefObject<HTMLElement | null>;
  elements: Elements;
  marks: Difference['marks'];
}

/** Frames around what was changed. */
export function PastMarks({ content, elements, marks }: PastMarksProps) {
  const { t } = useTranslation();
  const [tick, setTick] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(() => setTick((number) => number + 1));
    observer.observe(content.current!);
    return () => observer.disconnect();
  }, [content]);
  const layer = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (layer.current && content.current) placeTags(layer.current, content.current);
  });
  return (
    <div ref={layer} className={outlines.layer} data-tick={tick}>
      {[...marks].map(([id, kind]) => (
        <Frame key={id} elements={elements} content={content} id={id} kind={kind} label={t(`editor.${kind}`)} />
      ))}
    </div>
  );
}
