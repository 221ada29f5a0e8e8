import { defaultEmojiDataResolver, type EmojiDataResolver, EmojiPicker as Picker, type EmojiPickerListCategoryHeaderProps, type EmojiPickerListEmojiProps, type EmojiPickerListRowProps } from 'frimousse';
import type { TFunction } from 'i18next';
import { Search } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { languageOf } from '../../i18n/language.js';
import { ErrorState } from '../../ui/error-state.js';
import { Spinner } from '../../ui/spinner.js';
import { PHONE, useMedia } from '../../ui/use-media.js';
import { Categories } from './categories.js';
import { CATEGORIES } from './category-names.js';
import styles from './emoji-picker.module.css';
import { keptSkinTone, SkinToneButton } from './skin-tone-button.js';

/** Written by the build from emojibase-data: nothing is fetched from elsewhere. */
const DATA_URL = '/emoji';
const COLUMNS = 9;
const COLUMNS_ON_PHONES = 8;

/** All emoji, to be found by a word or by their kind. The focus stays in the field; the arrows move among the emoji, Enter picks. */
export function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  const { t, i18n } = useTranslation();
  const isPhone = useMedia(PHONE);
  const viewport = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState('');
  const [attempt, setAttempt] = useState(0);
  const [isFailed, setFailed] = useState(false);
  const resolve: EmojiDataResolver = async (locale, options) => {
    try {
      const data = await defaultEmojiDataResolver(locale, options);
      return { ...data, categories: data.categories.map(({ index }) => ({ index, label: categoryLabel(t, index) })) };
    } catch (error) {
      if (!options.signal?.aborted) setFailed(true);
      throw error;
    }
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
      locale={languageOf(i18n.language) === 'zh' ? 'zh' : 'en'}
      emojibaseUrl={DATA_URL}
      resolveEmojiData={resolve}
      skinTone={keptSkinTone()}
      columns={isPhone ? COLUMNS_ON_PHONES : COLUMNS}
      onEmojiSelect={({ emoji }) => onPick(emoji)}
    >
      <div className={styles.top}>
        <label className={styles.search}>
          <Search size={16} aria-hidden />
          {/* Under a finger, the keyboard would come up over the emoji. */}
          <Picker.Search className={styles.input} aria-label={t('conversation.emoji.search')} placeholder={t('conversation.emoji.search')} autoFocus={!isPhone} value={query} onChange={(event) => setQuery(event.target.value)} />
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
