import { cleanText, LIMITS, type TimelineMessage } from '@atrium/client';
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../../i18n/error-text.js';
import { Button } from '../../ui/button.js';
import { useToast } from '../../ui/toast.js';
import { CharactersLeft } from '../composer/characters-left.js';
import { countCodePoints } from '../composer/code-points.js';
import { isComposing } from '../composer/composing.js';
import { formatByKey } from '../composer/format-selection.js';
import { useAutoGrow } from '../composer/use-auto-grow.js';
import { useScope } from '../scope.js';
import styles from './message-editor.module.css';

/** Changes one's own message where it stands. */
export function MessageEditor({ message }: { message: TimelineMessage }) {
  const { t } = useTranslation();
  const { show } = useToast();
  const { room, edit, focusComposer } = useScope();
  const [text, setText] = useState(message.content ?? '');
  const area = useRef<HTMLTextAreaElement>(null);
  useAutoGrow(area, text);
  useLayoutEffect(() => {
    area.current?.focus({ preventScroll: true });
    area.current?.setSelectionRange(area.current.value.length, area.current.value.length);
  }, []);

  const isValid = cleanText(text) !== '' && countCodePoints(text) <= LIMITS.messageChars;
  const close = (): void => {
    edit(null);
    focusComposer();
  };
  const save = (): void => {
    if (!isValid) return;
    const content = cleanText(text);
    if (content !== message.content) {
      room.edit(message.id, content).catch((error: unknown) => show(t('conversation.message.editFailed', { reason: errorText(t, error) }), { kind: 'error' }));
    }
    close();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (isComposing(event) || formatByKey(event)) return;
    if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      save();
    }
  };

  return (
    <div className={styles.editor}>
      <textarea ref={area} className={styles.area} aria-label={t('conversation.message.editLabel')} value={text} rows={1} dir="auto" onChange={(event) => setText(event.target.value)} onKeyDown={onKeyDown} />
      <div className={styles.bar}>
        <span className={styles.hint}>{t('conversation.message.editHint')}</span>
        <CharactersLeft text={text} />
        <Button size="small" variant="quiet" onPress={close}>
          {t('conversation.message.cancel')}
        </Button>
        <Button size="small" variant="primary" isDisabled={!isValid} onPress={save}>
          {t('conversation.message.save')}
        </Button>
      </div>
    </div>
  );
}
