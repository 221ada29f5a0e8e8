import { Smile } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { DialogContext, DialogTrigger, Popover, useSlottedContext } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../../ui/error-state.js';
import { IconButton } from '../../ui/icon-button.js';
import { Spinner } from '../../ui/spinner.js';
import { useAsync } from '../../ui/use-async.js';
import styles from './emoji-button.module.css';

/** Loaded when somebody is about to want it: most messages have none. */
const loadPicker = () => import('./emoji-picker.js');

/** Opens the emoji, above where one writes. */
export function EmojiButton({ onPick }: { onPick: (emoji: string) => void }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const pick = (emoji: string): void => {
    onPick(emoji);
    setOpen(false);
  };
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <IconButton label={t('conversation.emoji.insert')} size="small" tooltipPlacement="top" onHoverStart={() => void loadPicker().catch(() => undefined)}>
        <Smile size={18} aria-hidden />
      </IconButton>
      <Popover isNonModal placement="top end" offset={12} containerPadding={8} className={styles.popover ?? ''}>
        <Frame label={t('conversation.emoji.insert')}>
          <Picker onPick={pick} />
        </Frame>
      </Popover>
    </DialogTrigger>
  );
}

/** A dialog that does not hold the focus, as the one of react-aria does: what is picked goes to where one writes. */
function Frame({ label, children }: { label: string; children: ReactNode }) {
  const frame = useRef<HTMLDivElement>(null);
  // By it the button says what it opens.
  const id = useSlottedContext(DialogContext)?.id;
  useEffect(() => {
    if (!frame.current?.contains(document.activeElement)) frame.current?.focus();
  }, []);
  return (
    <div ref={frame} id={id} role="dialog" aria-label={label} tabIndex={-1} className={styles.dialog}>
      {children}
    </div>
  );
}

function Picker({ onPick }: { onPick: (emoji: string) => void }) {
  const { t } = useTranslation();
  const { value, error, reload } = useAsync(loadPicker);
  if (error !== null) return <ErrorState message={t('conversation.emoji.failed')} onRetry={reload} />;
  if (value) return <value.EmojiPicker onPick={onPick} />;
  return (
    <div className={styles.loading}>
      <Spinner label={t('ui.loading')} />
    </div>
  );
}
