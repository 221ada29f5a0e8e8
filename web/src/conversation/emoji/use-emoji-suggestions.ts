import { type ChangeEvent, type KeyboardEvent, type RefObject, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Emoji, emojiLanguage, inTone, loadEmoji } from './emoji-data.js';
import { findShortcode, rankEmoji } from './rank-emoji.js';
import { keptTone } from './skin-tone.js';
import { writtenShortcode } from './written-shortcode.js';

const SHOWN = 7;

export interface EmojiSuggestions {
  readonly items: readonly Emoji[];
  readonly active: number;
  /** What is written behind the colon. */
  readonly query: string;
  readonly pick: (emoji: Emoji) => void;
  /** For the field: true when the key was meant for the suggestions. */
  readonly onKeyDown: (event: KeyboardEvent) => boolean;
  /** For the field: something was typed, or the caret may have moved. */
  readonly onChange: (event: ChangeEvent<HTMLTextAreaElement>) => void;
  readonly onSelect: () => void;
}

/** Emoji for the shortcode that is being written, as in `:smi`; a whole one, as in `:smile:`, becomes its emoji at once. */
export function useEmojiSuggestions(area: RefObject<HTMLTextAreaElement | null>, text: string): EmojiSuggestions {
  const { i18n } = useTranslation();
  const language = emojiLanguage(i18n.language);
  const [caret, setCaret] = useState(0);
  const [emoji, setEmoji] = useState<readonly Emoji[]>([]);
  const [active, setActive] = useState(0);
  /** What Escape has closed stays closed while it is written on. */
  const [closedAt, setClosedAt] = useState<number | null>(null);

  const written = useMemo(() => writtenShortcode(text, caret), [text, caret]);
  const isWanted = written !== null;
  const query = useDeferredValue(written && !written.isClosed && written.start !== closedAt ? written.query : '');
  useEffect(() => {
    // Without them one writes what one wants to write.
    if (isWanted) void loadEmoji(language).then(setEmoji, () => undefined);
  }, [isWanted, language]);
  const items = useMemo(() => rankEmoji(emoji, query, SHOWN), [emoji, query]);
  const shown = written && !written.isClosed ? items : NOTHING;

  const pick = (chosen: Emoji): void => {
    if (written && area.current) replace(area.current, written.start, caret, chosen);
  };
  const onKeyDown = (event: KeyboardEvent): boolean => {
    const chosen = shown[Math.min(active, shown.length - 1)];
    if (!chosen || event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') setActive((Math.min(active, shown.length - 1) + (event.key === 'ArrowDown' ? 1 : shown.length - 1)) % shown.length);
    else if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') pick(chosen);
    else if (event.key === 'Escape') setClosedAt(written!.start);
    else return false;
    event.preventDefault();
    return true;
  };
  const moveTo = (next: number): void => {
    if (next !== caret) setActive(0);
    setCaret(next);
    if (closedAt !== null && next <= closedAt) setClosedAt(null);
  };
  const onChange = ({ target, nativeEvent }: ChangeEvent<HTMLTextAreaElement>): void => {
    moveTo(target.selectionStart);
    // Typed just now: what an undo brings back is to stay.
    if (/^[:：]$/u.test((nativeEvent as InputEvent).data ?? '')) void replaceWhole(target, language);
  };
  const onSelect = (): void => {
    const field = area.current;
    if (field) moveTo(field.selectionStart === field.selectionEnd ? field.selectionStart : 0);
  };
  return { items: shown, query, active: Math.min(active, Math.max(0, shown.length - 1)), pick, onKeyDown, onChange, onSelect };
}

const NOTHING: readonly Emoji[] = [];

/** A whole shortcode before the caret becomes its emoji, also when the emoji come only after somebody has written on. */
async function replaceWhole(field: HTMLTextAreaElement, language: 'en' | 'zh'): Promise<void> {
  const end = field.selectionStart;
  const written = writtenShortcode(field.value, end);
  if (!written?.isClosed) return;
  const shortcode = field.value.slice(written.start, end);
  const found = findShortcode(await loadEmoji(language).catch(() => NOTHING), written.query);
  if (found && document.activeElement === field && field.value.slice(written.start, end) === shortcode) replace(field, written.start, end, found);
}

/** As if it were typed, so that Ctrl+Z brings back what was written. The caret stays where it is in the text. */
function replace(field: HTMLTextAreaElement, start: number, end: number, chosen: Emoji): void {
  const emoji = inTone(chosen, keptTone());
  const caret = field.selectionStart;
  field.focus();
  field.setSelectionRange(start, end);
  document.execCommand('insertText', false, emoji);
  if (caret > end) field.setSelectionRange(caret - (end - start) + emoji.length, caret - (end - start) + emoji.length);
}
