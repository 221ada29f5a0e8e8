import { defaultEmojiDataResolver, type EmojiData, type EmojiDataResolver, EmojiPicker as Picker, type EmojiPickerListCategoryHeaderProps, type EmojiPickerListEmojiProps, type EmojiPickerListRowProps } from 'frimousse';
import type { TFunction } from 'i18next';
import { Search } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../../ui/error-state.js';
import { Spinner } from '../../ui/spinner.js';
import { PHONE, useMedia } from '../../ui/use-media.js';
import { Categories } from './categories.js';
import { CATEGORIES } from './category-names.js';
import { DATA_URL, emojiLanguage, inTone, loadEmoji } from './emoji-data.js';
import styles from './emoji-picker.module.css';
import { rankEmoji } from './rank-emoji.js';
import { keptSkinTone, keptTone } from './skin-tone.js';
import { SkinToneButton } from './skin-tone-button.js';

const COLUMNS = 9;
const COLUMNS_ON_PHONES = 8;
/** More than these nobody looks through. */
const MAX_FOUND = 90;

/** All emoji, to be found by a word or by their kind. The focus stays in the field; the arrows move among the emoji, Enter picks. */
export function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  const { t, i18n } = useTranslation();
  const isPhone = useMedia(PHONE);
  const viewport = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState('');
  const [attempt, setAttempt] = useState(0);
  const [isFailed, setFailed] = useState(false);
  const hasMoved = useRef(false);
  const known = useRef<Promise<EmojiData>>(undefined);
  /** The list of the picker groups what it finds by kinds, so that the best may be anywhere: what fits best comes as one kind of its own. */
  const resolve: EmojiDataResolver = async (locale, options) => {
    try {
      const data = await (known.current ??= Promise.resolve(defaultEmojiDataResolver(locale, { emojiVersion: options.emojiVersion, emojibaseUrl: DATA_URL })));
      if (query.trim() === '') return { ...data, categories: data.categories.map(({ index }) => ({ index, label: categoryLabel(t, index) })) };
      const byEmoji = new Map(data.emojis.map((each) => [each.emoji, each]));
      const found = rankEmoji(await loadEmoji(emojiLanguage(locale)), query, MAX_FOUND).flatMap(({ emoji }) => byEmoji.get(emoji) ?? []);
      return { ...data, emojis: found.map((each) => ({ ...each, category: 0 })), categories: [{ index: 0, label: t('conversation.emoji.found') }] };
    } catch (error) {
      known.current = undefined;
      if (!options.signal?.aborted) setFailed(true);
      throw error;
    }
  };
  const search = (next: string): void => {
    setQuery(next);
    hasMoved.current = false;
  };
  /** Enter, before the arrows have chosen another one: the best is meant. */
  const pickFirst = (event: KeyboardEvent): void => {
    if (event.key.startsWith('Arrow')) hasMoved.current = true;
    if (event.key !== 'Enter' || hasMoved.current || query.trim() === '' || event.nativeEvent.isComposing) return;
    event.preventDefault();
    // The list may still be that of the letters before.
    void loadEmoji(emojiLanguage(i18n.language)).then((all) => {
      const [best] = rankEmoji(all, query, 1);
      if (best) onPick(inTone(best, keptTone()));
    }, () => setFailed(true));
  };
  const retry = (): void => {
    setFailed(false);
    setAttempt((number) => number + 1);
  };

  if (isFailed) return <ErrorState message={t('conversation.emoji.failed')} onRetry={retry} />;
  return (
    <Picker.Root
      key={attempt}
      className={styles.picker}
      locale={emojiLanguage(i18n.language)}
      // What is asked for: another one makes the picker ask anew.
      emojibaseUrl={`${DATA_URL}?${query.trim()}`}
      resolveEmojiData={resolve}
      skinTone={keptSkinTone()}
      columns={isPhone ? COLUMNS_ON_PHONES : COLUMNS}
      onEmojiSelect={({ emoji }) => onPick(emoji)}
    >
      <div className={styles.top}>
        <label className={styles.search}>
          <Search size={16} aria-hidden />
          {/* Under a finger, the keyboard would come up over the emoji. */}
          <input
            type="search"
            // By it the picker knows that the arrows move among the emoji.
            {...{ 'frimousse-search': '' }}
            className={styles.input}
            aria-label={t('conversation.emoji.search')}
            placeholder={t('conversation.emoji.search')}
            autoFocus={!isPhone}
            autoComplete="off"
            autoCorrect="off"
            spellCheck={false}
            value={query}
            onChange={(event) => search(event.target.value)}
            onKeyDown={pickFirst}
          />
        </label>
        <SkinToneButton />
      </div>
      {query === '' && <Categories onChoose={(index) => showCategory(viewport.current, index)} />}
      <Picker.Viewport ref={viewport} className={styles.viewport} tabIndex={0} aria-label={t('conversation.emoji.all')} role="group">
        <Picker.Loading className={styles.note}>
          <Spinner label={t('ui.loading')} />
        </Picker.Loading>
        <Picker.Empty className={styles.note}>{t('conversation.emoji.none')}</Picker.Empty>
        <Picker.List className={styles.list} aria-label={t('conversation.emoji.all')} components={{ CategoryHeader, Row, Emoji }} />
      </Picker.Viewport>
    </Picker.Root>
  );
}

function CategoryHeader({ category, ...props }: EmojiPickerListCategoryHeaderProps) {
  return (
    <div {...props} className={styles.category}>
      {category.label}
    </div>
  );
}

function Row({ 'aria-rowindex': index, ...props }: EmojiPickerListRowProps) {
  return <div {...props} aria-rowindex={fromOne(index)} className={styles.row} />;
}

function Emoji({ emoji, 'aria-colindex': index, ...props }: EmojiPickerListEmojiProps) {
  return (
    <button type="button" {...props} aria-colindex={fromOne(index)} title={emoji.label} className={styles.emoji}>
      {emoji.emoji}
    </button>
  );
}

/** frimousse counts from 0, ARIA from 1. */
const fromOne = (index: number | undefined): number | undefined => (index === undefined ? undefined : index + 1);

function categoryLabel(t: TFunction, index: number): string {
  const category = CATEGORIES.find((each) => each.index === index);
  return category ? t(`conversation.emoji.categories.${category.id}`) : '';
}

/** Every category is in the list from the beginning, as high as it will be; its emoji are drawn when they are near. */
function showCategory(viewport: HTMLElement | null, position: number): void {
  const category = viewport?.querySelectorAll<HTMLElement>('[frimousse-list-sizer] > [frimousse-category]')[position];
  if (viewport && category) viewport.scrollTop = category.offsetTop;
}
