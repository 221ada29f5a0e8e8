import type { ReactNode, RefAttributes } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';
import styles from './button.module.css';
import { classes } from './classes.js';
import { PENDING, Pending } from './pending.js';

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'>, RefAttributes<HTMLButtonElement> {
  /** `primary`: the one thing to do here. `quiet`: without a border. `danger`: cannot be undone. */
  variant?: 'secondary' | 'primary' | 'quiet' | 'danger';
  size?: 'medium' | 'small';
  /** Before the text. */
  icon?: ReactNode;
  isFullWidth?: boolean;
  children: ReactNode;
}

/** While `isPending` it keeps its width and its focus, and cannot be pressed. */
export function Button({ variant = 'secondary', size = 'medium', icon, isFullWidth = false, isPending = false, children, ...props }: ButtonProps) {
  return (
    <AriaButton {...props} {...(isPending && PENDING)} className={classes(styles.button, styles[variant], styles[size], isFullWidth && styles.fullWidth)}>
      <span className={styles.content} data-hidden={isPending || undefined}>
        {icon}
        {children}
      </span>
      {isPending && (
        <span className={styles.pending}>
          <Pending />
        </span>
      )}
    </AriaButton>
  );
}
