import type { Component, Readable } from '@atrium/client';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { TextProp } from '../components/component-types.js';
import { textOf } from '../components/props.js';
import { usePart } from '../state/use-part.js';
import { useWholeCharacters } from '../state/use-whole-characters.js';
import { useCanvasSource } from './source.js';
import styles from './written.module.css';

const NOBODY: Readable<string | null> = { get: () => null, subscribe: () => () => undefined };

/** A text of a component, which can be written where it stands. */
export function Written({ id, props, prop }: { id: string; props: Component['props']; prop: TextProp }) {
  const { t } = useTranslation();
  const { writing } = useCanvasSource();
  const isWriting = usePart(writing ?? NOBODY, (current) => current === id);
  const text = textOf(props, prop);
  if (isWriting) return <Writer id={id} prop={prop} text={text} />;
  return text === '' ? <span className={styles.none}>{t('editor.noText')}</span> : text;
}

/** Every letter is on the page at once, for everybody. Escape and a press beside it end it; Enter does, unless with Shift. */
function Writer({ id, prop, text }: { id: string; prop: TextProp; text: string }) {
  const { t } = useTranslation();
  const { writing, write } = useCanvasSource();
  const area = useRef<HTMLTextAreaElement>(null);
  const { value, onChange } = useWholeCharacters({ value: text, onChange: (written) => write?.(id, prop, written) });
  useEffect(() => {
    area.current?.focus();
    area.current?.select();
  }, []);
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
    <span className={styles.grow} data-text={`${value} `} onPointerDown={(event) => event.stopPropagation()}>
      <textarea ref={area} rows={1} className={styles.area} aria-label={t(`editor.prop.${prop}`)} value={value} onChange={(event) => onChange(event.target.value)} onKeyDown={press} onBlur={end} />
    </span>
  );
}
