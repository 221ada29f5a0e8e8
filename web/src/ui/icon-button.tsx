import type { ReactNode, RefAttributes } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';
import { classes } from './classes.js';
import styles from './icon-button.module.css';
import { PENDING, Pending } from './pending.js';
import { Tooltip, type TooltipPlacement } from './tooltip.js';

export interface IconButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children' | 'aria-label'>, RefAttributes<HTMLButtonElement> {
  /** What it does: its name, and its tooltip. */
  label: string;
  variant?: 'quiet' | 'primary' | 'danger';
  size?: 'medium' | 'small';
  tooltipPlacement?: TooltipPlacement;
  /** The icon. */
  children: ReactNode;
}

export function IconButton({ label, variant = 'quiet', size = 'medium', tooltipPlacement, isPending = false, children, ...props }: IconButtonProps) {
  return (
    <Tooltip text={label} placement={tooltipPlacement}>
      <AriaButton {...props} {...(isPending && PENDING)} aria-label={label} className={classes(styles.button, styles[variant], styles[size])}>
        {isPending ? <Pending /> : children}
      </AriaButton>
    </Tooltip>
  );
}
