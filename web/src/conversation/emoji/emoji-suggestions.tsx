import { useTranslation } from 'react-i18next';
import { classes } from '../../ui/classes.js';
import { type Emoji, inTone } from './emoji-data.js';
import styles from './emoji-suggestions.module.css';
import { keptTone } from './skin-tone.js';
import type { EmojiSuggestions as Suggestions } from './use-emoji-suggestions.js';

export const SUGGESTIONS_ID = 'emoji-suggestions';
export const optionId = (index: number): string => `${SUGGESTIONS_ID}-${index}`;

/** Above the field, whose keys choose among them. */
export function EmojiSuggestions({ items, active, query, pick }: Pick<Suggestions, 'items' | 'active' | 'query' | 'pick'>) {
  const { t } = useTranslation();
  if (items.length === 0) return null;
  return (
    <ul id={SUGGESTIONS_ID} role="listbox" aria-label={t('conversation.emoji.suggestions')} className={styles.list}>
      {items.map((emoji, index) => (
        <li
          key={emoji.emoji}
          id={optionId(index)}
          role="option"
          aria-selected={index === active}
          className={classes(styles.option, index === active && styles.active)}
          // Not the click: by then the field has lost the focus.
          onPointerDown={(event) => {
            event.preventDefault();
            pick(emoji);
          }}
        >
          <span className={styles.emoji} aria-hidden>
            {inTone(emoji, keptTone())}
          </span>
          <span className={styles.label}>{emoji.label}</span>
          <Shortcode emoji={emoji} query={query} />
        </li>
      ))}
    </ul>
  );
}

/** The one that is being written, if that is one of them. */
function Shortcode({ emoji: { shortcodes }, query }: { emoji: Emoji; query: string }) {
  const shortcode = shortcodes.find((each) => each.startsWith(query.toLowerCase())) ?? shortcodes[0];
  return shortcode === undefined ? null : <span className={styles.shortcode}>:{shortcode}:</span>;
}
