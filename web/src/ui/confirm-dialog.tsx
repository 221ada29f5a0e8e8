import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../i18n/error-text.js';
import { Banner } from './banner.js';
import { Button } from './button.js';
import { Dialog } from './dialog.js';

export interface ConfirmDialogProps {
  title: string;
  text: string;
  confirmLabel: string;
  isDanger?: boolean;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  /** It closes when this resolves, and says what is wrong when this rejects. */
  onConfirm: () => void | Promise<void>;
  /** A better text for an error in this place, if there is one. */
  explain?: (error: unknown) => string | undefined;
}

export function ConfirmDialog({ title, text, confirmLabel, isDanger = false, isOpen, onOpenChange, onConfirm, explain }: ConfirmDialogProps) {
  const { t } = useTranslation();
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const confirm = async (): Promise<void> => {
    setPending(true);
    setError(null);
    try {
      await onConfirm();
      onOpenChange(false);
    } catch (reason) {
      setError(reason);
    } finally {
      setPending(false);
    }
  };

  return (
    <Dialog
      title={title}
      isAlert
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      footer={
        <>
          <Button variant="quiet" onPress={() => onOpenChange(false)} autoFocus={isDanger}>
            {t('ui.cancel')}
          </Button>
          <Button variant={isDanger ? 'danger' : 'primary'} isPending={isPending} onPress={() => void confirm()} autoFocus={!isDanger}>
            {confirmLabel}
          </Button>
        </>
      }
    >
      <p>{text}</p>
      {error !== null && <Banner kind="danger">{explain?.(error) ?? errorText(t, error)}</Banner>}
    </Dialog>
  );
}
