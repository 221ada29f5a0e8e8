import type { ReactNode } from 'react';
import { Tooltip as AriaTooltip, type TooltipProps, TooltipTrigger } from 'react-aria-components';
import styles from './tooltip.module.css';

export type TooltipPlacement = TooltipProps['placement'];

const DELAY_MS = 500;

/** A word on what is hovered or focused. Its child must be focusable: one of our buttons, or react-aria's. */
export function Tooltip({ text, placement = 'bottom', children }: { text: string; placement?: TooltipPlacement; children: ReactNode }) {
  return (
    <TooltipTrigger delay={DELAY_MS} closeDelay={0}>
      {children}
      <AriaTooltip className={styles.tooltip ?? ''} placement={placement} offset={6}>
        {text}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
