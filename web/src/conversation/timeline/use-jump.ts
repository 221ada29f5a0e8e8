import type { Room } from '@atrium/client';
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../../i18n/error-text.js';
import { useToast } from '../../ui/toast.js';

/** As long as the animation of `.highlighted`. */
const HIGHLIGHTED_MS = 2_400;

/** A message that somebody wants to see. Another jump to the same one is another target. */
export interface JumpTarget {
  readonly seq: number;
}

export interface Jump {
  readonly target: JumpTarget | null;
  /** Its messages are being loaded: where the list stands meanwhile means nothing. */
  readonly isPending: RefObject<boolean>;
  readonly jumpTo: (seq: number) => void;
  /** Shows what is around a place of the history where no message needs to be. */
  readonly jumpNear: (seq: number) => void;
}

export function useJump(room: Room): Jump {
  const { t } = useTranslation();
  const { show } = useToast();
  const [target, setTarget] = useState<JumpTarget | null>(null);
  const isPending = useRef(false);
  const tell = useRef((_text: string): void => undefined);
  useEffect(() => {
    tell.current = (text) => show(text, { kind: 'error' });
  }, [show]);

  const jump = useCallback(
    async (seq: number, isMessage: boolean): Promise<void> => {
      isPending.current = true;
      await room.timeline.jumpTo(seq);
      isPending.current = false;
      const { items, error } = room.timeline.view.get();
      if (error) return tell.current(errorText(t, error));
      // Near where it was is better than nowhere.
      setTarget({ seq });
      if (isMessage && !items.some((message) => message.seq === seq)) tell.current(t('conversation.timeline.gone'));
    },
    [room, t],
  );

  useEffect(() => {
    if (!target) return;
    const timer = setTimeout(() => setTarget(null), HIGHLIGHTED_MS);
    return () => clearTimeout(timer);
  }, [target]);

  const jumpTo = useCallback((seq: number) => void jump(seq, true), [jump]);
  const jumpNear = useCallback((seq: number) => void jump(seq, false), [jump]);
  return useMemo(() => ({ target, isPending, jumpTo, jumpNear }), [target, jumpTo, jumpNear]);
}
