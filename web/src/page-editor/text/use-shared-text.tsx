import { type ReactNode, type RefCallback, type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { type TextPlace, useEditor } from '../editor.js';
import { carryOver } from './caret.js';
import { CaretKeeper, type TextElement } from './caret-keeper.js';

/** Makes the new text of what stands on the page now; of nothing, what was written. */
export type TextChange = (now: string | undefined) => string;

export interface SharedText {
  /** As it is on the page. */
  readonly text: string;
  readonly write: (change: TextChange) => void;
  /** What others are told that one writes into; without it, they are told nothing. */
  readonly place?: TextPlace | undefined;
}

interface Draft {
  /** The text of the page that it was made of. */
  readonly base: string;
  readonly value: string;
}

export interface TextFieldBinding {
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly ref: RefCallback<TextElement>;
  /** The same element. */
  readonly field: RefObject<TextElement | null>;
  /** To be rendered beside the field. */
  readonly keeper: ReactNode;
}

/**
 * For a field whose every letter is on the page at once, while others write into the same text. What is typed is done to the text as it
 * is then, not as it was when the field was drawn; the caret stays where one is. Two things wait in the field until they are whole:
 * what an input method is composing, and half of a surrogate pair (Firefox tells of an emoji or a rare hanzi that comes from a key in
 * two events). A half that stays alone becomes U+FFFD.
 */
export function useSharedText({ text, write, place }: SharedText): TextFieldBinding {
  const { editing } = useEditor();
  const field = useRef<TextElement>(null);
  const isComposing = useRef(false);
  const [draft, setDraft] = useState<Draft | null>(null);
  const latest = useRef({ text, write, place, draft });
  useLayoutEffect(() => {
    latest.current = { text, write, place, draft };
  });

  const finish = (base: string, value: string): void => {
    setDraft(null);
    latest.current.draft = null;
    const whole = value.toWellFormed();
    if (whole !== base) latest.current.write((now) => (now === undefined || now === base ? whole : carryOver(base, whole, now)));
  };
  const finishRef = useRef(finish);

  const onChange = (value: string): void => {
    const base = draft?.base ?? text;
    const waits = isComposing.current || (draft === null && !value.isWellFormed());
    if (waits) setDraft({ base, value });
    else finish(base, value);
  };

  // The field's own listeners: react-aria hands not all of these events on.
  const ref = useCallback(
    (element: TextElement | null) => {
      field.current = element;
      if (!element) return undefined;
      const events = new AbortController();
      const on = (name: string, listener: () => void, target: EventTarget = element): void => target.addEventListener(name, listener, { signal: events.signal });
      const tell = (): void => {
        const { place: told } = latest.current;
        if (told && !element.readOnly && document.activeElement === element) editing.set({ ...told, start: element.selectionStart ?? 0, end: element.selectionEnd ?? 0 });
      };
      const stop = (): void => {
        if (latest.current.place && isAt(editing.get(), latest.current.place)) editing.set(null);
      };
      on('compositionstart', () => (isComposing.current = true));
      on('compositionend', () => {
        isComposing.current = false;
        const { draft: composed, text: current } = latest.current;
        finishRef.current(composed?.base ?? current, element.value);
      });
      on('focus', tell);
      on('input', tell);
      on('selectionchange', tell, document);
      on('blur', stop);
      return () => {
        events.abort();
        stop();
        field.current = null;
      };
    },
    [editing],
  );

  const value = draft?.value ?? text;
  return { value, onChange, ref, field, keeper: <CaretKeeper field={field} value={value} /> };
}

function isAt(editing: TextPlace | null, { id, prop }: TextPlace): boolean {
  return editing !== null && editing.id === id && editing.prop === prop;
}
