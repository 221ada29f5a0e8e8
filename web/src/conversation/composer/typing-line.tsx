import type { Room } from '@atrium/client';
import { useTyping } from '@atrium/client/react';
import { useTranslation } from 'react-i18next';
import { useNames } from '../names.js';
import styles from './composer.module.css';
import { typingSentence } from './typing-sentence.js';

/** Who is typing. Its place is always there, so that nothing moves when somebody begins. */
export function TypingLine({ room }: { room: Room }) {
  const { t } = useTranslation();
  const typing = useTyping(room);
  const names = useNames(typing.slice(0, 2));
  const sentence = typingSentence(names, typing.length);
  return (
    <div className={styles.typing} aria-live="polite">
      {sentence && (
        <>
          <span className={styles.dots} aria-hidden>
            <i />
            <i />
            <i />
          </span>
          <span className={styles.typingText}>{t(`conversation.${sentence.key}`, { ...sentence })}</span>
        </>
      )}
    </div>
  );
}
