import type { Component, Readable } from '@atrium/client';
import { type KeyboardEvent, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { TextProp } from '../components/component-types.js';
import { textOf } from '../components/props.js';
import { usePart } from '../state/use-part.js';
import { useSharedText } from '../text/use-shared-text.js';
import { useCanvasSource } from './source.js';
import styles from './written.module.css';

const NOBODY: Readable<string | null> = { get: () => null, subscribe: () => () => undefined };

interface WrittenProps {
  id: string;
  props: Component['props'];
  prop: TextProp;
  /** What stands there when there is no text. */
  otherwise: string;
}

/** A text of a component, which can be written where it stands. */
export function Written({ id, props, prop, otherwise }: WrittenProps) {
  const { t } = useTranslation();
  const { writing } = useCanvasSource();
  const isWriting = usePart(writing ?? NOBODY, (current) => current === id);
  const text = textOf(props, prop);
  if (isWriting) return <Writer id={id} prop={prop} text={text} />;
  if (text === '') return otherwise || <span className={styles.none}>{t('editor.noText')}</span>;
  return <span data-prop={prop}>{text}</span>;
}

/** Every letter is on the page at once, for everybody. Escape and a press beside it end it; Enter does, unless with Shift. */
function Writer({ id, prop, text }: { id: string; prop: TextProp; text: string }) {
  const { t } = useTranslation();
  const { writing, write } = useCanvasSource();
  const place = useMemo(() => ({ id, prop }), [id, prop]);
  const { value, onChange, ref, field: area, keeper } = useSharedText({ text, place, write: (change) => write?.(id, prop, change) });
  useEffect(() => {
    area.current?.focus();
    area.current?.select();
  }, [area]);
  const end = (): void => {
    if (writing?.get() === id) writing.set(null);
  };
  const press = (event: KeyboardEvent): void => {
    event.stopPropagation();
    const ends = event.key === 'Escape' || (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing);
    if (!ends) return;
    event.preventDefault();
    end();
    area.current?.closest<HTMLElement>('[data-canvas]')?.focus({ preventScroll: true });
  };
  return (
    <span className={styles.grow} onPointerDown={(event) => event.stopPropagation()}>
      <textarea ref={ref} rows={1} className={styles.area} aria-label={t(`editor.prop.${prop}`)} value={value} onChange={(event) => onChange(event.target.value)} onKeyDown={press} onBlur={end} />
      <span className={styles.mirror} data-prop={prop} aria-hidden>
        {`${value} `}
      </span>
      {keeper}
    </span>
  );
}
