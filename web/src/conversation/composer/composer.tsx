import { cleanText, LIMITS, type MyRoom } from '@atrium/client';
import { useStatus } from '@atrium/client/react';
import { CloudOff, SendHorizontal } from 'lucide-react';
import { type FormEvent, type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../ui/banner.js';
import { formatDateTime } from '../../ui/format.js';
import { IconButton } from '../../ui/icon-button.js';
import { EmojiButton } from '../emoji/emoji-button.js';
import { EmojiSuggestions, optionId, SUGGESTIONS_ID } from '../emoji/emoji-suggestions.js';
import { useEmojiSuggestions } from '../emoji/use-emoji-suggestions.js';
import { useScope } from '../scope.js';
import { CharactersLeft } from './characters-left.js';
import { countCodePoints } from './code-points.js';
import styles from './composer.module.css';
import { isComposing } from './composing.js';
import { type Draft, keepDraft, readDraft } from './drafts.js';
import { formatByKey } from './format-selection.js';
import { FormattingHint } from './formatting-hint.js';
import { insertAtCaret } from './insert-at-caret.js';
import { ReplyBar } from './reply-bar.js';
import { TypingLine } from './typing-line.js';
import { useAutoGrow } from './use-auto-grow.js';
import { useMuted } from './use-muted.js';

export interface ComposerProps {
  readonly state: MyRoom;
  readonly roomName: string;
  readonly area: RefObject<HTMLTextAreaElement | null>;
  readonly replyTo: Draft['replyTo'];
  readonly onCancelReply: () => void;
  /** ↑ where nothing is written: the writer's last message is to be changed. */
  readonly onEditLast: () => void;
}

/** Where one writes. */
export function Composer({ state, roomName, area, replyTo, onCancelReply, onEditLast }: ComposerProps) {
  const { room } = useScope();
  const hintId = useId();
  const muted = useMuted(state.mutedUntil);
  if (muted) return <MutedHint until={muted.isForEver ? null : muted.until} />;
  return (
    <div className={styles.composer}>
      <OfflineHint />
      {replyTo && <ReplyBar message={replyTo} onCancel={onCancelReply} />}
      <Field roomName={roomName} area={area} replyTo={replyTo} onCancelReply={onCancelReply} onEditLast={onEditLast} hintId={hintId} />
      <div className={styles.below}>
        <TypingLine room={room} />
        <FormattingHint id={hintId} />
      </div>
    </div>
  );
}

function Field({ roomName, area, replyTo, onCancelReply, onEditLast, hintId }: Omit<ComposerProps, 'state'> & { hintId: string }) {
  const { t } = useTranslation();
  const { room, ownId } = useScope();
  const [text, setText] = useState(() => readDraft(ownId, room.id).text);
  useAutoGrow(area, text);
  useEffect(() => keepDraft(ownId, room.id, { text, replyTo }), [ownId, room, text, replyTo]);
  const wasTyping = useRef(false);
  const suggestions = useEmojiSuggestions(area, text);
  const isSuggesting = suggestions.items.length > 0;

  const write = (next: string): void => {
    setText(next);
    const isTyping = next.trim() !== '';
    if (isTyping || wasTyping.current) room.setTyping(isTyping);
    wasTyping.current = isTyping;
  };
  const canSend = cleanText(text) !== '' && countCodePoints(text) <= LIMITS.messageChars;
  const send = (event?: FormEvent): void => {
    event?.preventDefault();
    if (!canSend) return;
    // The timeline shows what becomes of it, refusals too.
    room.send(cleanText(text), { replyTo: replyTo?.id ?? null }).catch(() => undefined);
    // Where that is, if one was reading far above.
    if (room.timeline.view.get().hasAfter) void room.timeline.jumpToNewest();
    setText('');
    wasTyping.current = false;
    onCancelReply();
    area.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (isComposing(event) || suggestions.onKeyDown(event) || formatByKey(event)) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === 'ArrowUp' && text === '') {
      event.preventDefault();
      onEditLast();
    } else if (event.key === 'Escape' && replyTo) {
      onCancelReply();
    } else if (event.key === 'Escape') {
      room.markRead();
    }
  };

  return (
    <form className={styles.field} onSubmit={send}>
      <EmojiSuggestions {...suggestions} />
      <textarea
        ref={area}
        className={styles.area}
        aria-label={t('conversation.composer.label', { room: roomName })}
        placeholder={t('conversation.composer.placeholder', { room: roomName })}
        value={text}
        rows={1}
        dir="auto"
        enterKeyHint="send"
          aria-describedby={text === '' ? undefined : hintId}
          onChange={(event) => {
            write(event.target.value);
            suggestions.onChange(event);
          }}
        onKeyDown={onKeyDown}
        onSelect={suggestions.onSelect}
        aria-autocomplete="list"
        aria-controls={isSuggesting ? SUGGESTIONS_ID : undefined}
        aria-activedescendant={isSuggesting ? optionId(suggestions.active) : undefined}
      />
      <CharactersLeft text={text} />
      <EmojiButton onPick={(emoji) => insertAtCaret(area.current, emoji)} />
      <IconButton type="submit" label={t('conversation.composer.send')} variant="primary" size="small" tooltipPlacement="top" isDisabled={!canSend}>
        <SendHorizontal size={16} aria-hidden />
      </IconButton>
    </form>
  );
}

function MutedHint({ until }: { until: string | null }) {
  const { t, i18n } = useTranslation();
  return (
    <div className={styles.muted}>
      <Banner kind="warning">
        {until === null ? t('conversation.composer.muted') : t('conversation.composer.mutedUntil', { time: formatDateTime(until, i18n.language) })}
      </Banner>
    </div>
  );
}

function OfflineHint() {
  const { t } = useTranslation();
  if (useStatus() !== 'offline') return null;
  return (
    <p className={styles.offline} role="status">
      <CloudOff size={14} aria-hidden />
      {t('conversation.composer.offline')}
    </p>
  );
}
