import type { ReactNode } from 'react';
import { Menu as AriaMenu, MenuItem as AriaMenuItem, MenuTrigger, Popover, type PopoverProps, Separator } from 'react-aria-components';
import { classes } from './classes.js';
import styles from './menu.module.css';

export interface MenuProps {
  /** The button that opens it. */
  trigger: ReactNode;
  /** What the menu is about, for those who cannot see its place. */
  label: string;
  placement?: PopoverProps['placement'];
  onOpenChange?: (isOpen: boolean) => void;
  children: ReactNode;
}

export function Menu({ trigger, label, placement = 'bottom end', onOpenChange, children }: MenuProps) {
  return (
    <MenuTrigger {...(onOpenChange && { onOpenChange })}>
      {trigger}
      <Popover className={styles.popover ?? ''} placement={placement} offset={4}>
        <AriaMenu className={styles.menu ?? ''} aria-label={label}>
          {children}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

export interface MenuItemProps {
  icon?: ReactNode;
  onAction: () => void;
  isDanger?: boolean;
  isDisabled?: boolean;
  children: string;
}

export function MenuItem({ icon, onAction, isDanger = false, isDisabled = false, children }: MenuItemProps) {
  return (
    <AriaMenuItem className={classes(styles.item, isDanger && styles.danger)} onAction={onAction} isDisabled={isDisabled} textValue={children}>
      {icon}
      <span className={styles.text}>{children}</span>
    </AriaMenuItem>
  );
}

export function MenuSeparator() {
  return <Separator className={styles.separator ?? ''} />;
}
