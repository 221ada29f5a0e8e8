import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { classes } from './classes.js';
import styles from './dialog.module.css';
import { IconButton } from './icon-button.js';
import { useHeldFocus } from './use-held-focus.js';

export interface DialogProps {
  title: string;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  /** Buttons, the one for the wanted thing last. */
  footer?: ReactNode;
  /** `full`: as wide as there is room, for what is looked at. */
  size?: 'small' | 'medium' | 'large' | 'full';
  /** Asks for a decision: a press beside it does not close it. */
  isAlert?: boolean;
  /** Without padding, for lists that reach to the edges. */
  isFlush?: boolean;
  children: ReactNode;
}

/** A modal dialog; on phones a sheet at the lower edge. Escape closes it, and the focus returns to where it was. */
export function Dialog({ isOpen, onOpenChange, size = 'small', isAlert = false, ...content }: DialogProps) {
  return (
    <ModalOverlay isOpen={isOpen} onOpenChange={onOpenChange} isDismissable={!isAlert} className={styles.overlay ?? ''}>
      <Modal className={classes(styles.modal, styles[size])}>
        <Content {...content} onOpenChange={onOpenChange} isAlert={isAlert} />
      </Modal>
    </ModalOverlay>
  );
}

function Content({ title, onOpenChange, footer, isAlert = false, isFlush = false, children }: Omit<DialogProps, 'isOpen' | 'size'>) {
  const { t } = useTranslation();
  const element = useHeldFocus();
  return (
    <AriaDialog ref={element} role={isAlert ? 'alertdialog' : 'dialog'} className={styles.dialog ?? ''}>
      <header className={styles.header}>
        <Heading slot="title" level={2} className={styles.title}>
          {title}
        </Heading>
        <IconButton label={t('ui.close')} size="small" onPress={() => onOpenChange(false)}>
          <X size={18} aria-hidden />
        </IconButton>
      </header>
      <div className={classes(styles.body, isFlush && styles.flush)}>{children}</div>
      {footer && <footer className={styles.footer}>{footer}</footer>}
    </AriaDialog>
  );
}
