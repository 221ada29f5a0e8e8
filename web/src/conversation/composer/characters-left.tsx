import { LIMITS } from '@atrium/client';
import { useTranslation } from 'react-i18next';
import { countCodePoints } from './code-points.js';
import styles from './composer.module.css';

/** Near the limit, a person wants to know. */
const SHOWN_BELOW = 1_000;

/** How much may still be written; nothing while that is plenty. */
export function CharactersLeft({ text }: { text: string }) {
  const { t } = useTranslation();
  // Code units are at least as many as code points: below this there is no need to count.
  if (text.length < LIMITS.messageChars - SHOWN_BELOW) return null;
  const left = LIMITS.messageChars - countCodePoints(text);
  if (left >= SHOWN_BELOW) return null;
  return (
    <span className={left < 0 ? styles.over : styles.left} role="status">
      {left < 0 ? t('conversation.composer.over', { count: -left }) : t('conversation.composer.left', { count: left })}
    </span>
  );
}
