import type { ReactNode } from 'react';
import { Dialog, DialogTrigger, Popover as AriaPopover, type PopoverProps as AriaPopoverProps } from 'react-aria-components';
import { classes } from './classes.js';
import menu from './menu.module.css';
import styles from './popover.module.css';

export interface PopoverProps {
  /** The button that opens it. */
  trigger: ReactNode;
  label: string;
  placement?: AriaPopoverProps['placement'];
  children: ReactNode | ((controls: { close: () => void }) => ReactNode);
}

/** A small dialog at the button that opened it. */
export function Popover({ trigger, label, placement = 'bottom', children }: PopoverProps) {
  return (
    <DialogTrigger>
      {trigger}
      <AriaPopover className={classes(menu.popover, styles.popover)} placement={placement} offset={4}>
        <Dialog className={styles.dialog ?? ''} aria-label={label}>
          {children}
        </Dialog>
      </AriaPopover>
    </DialogTrigger>
  );
}
