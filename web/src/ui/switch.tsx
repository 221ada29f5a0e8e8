import { useId } from 'react';
import { Switch as AriaSwitch, type SwitchProps as AriaSwitchProps } from 'react-aria-components';
import styles from './switch.module.css';

export interface SwitchProps extends Omit<AriaSwitchProps, 'className' | 'style' | 'children'> {
  description?: string;
  children: string;
}

export function Switch({ description, children, ...props }: SwitchProps) {
  const descriptionId = useId();
  return (
    <AriaSwitch {...props} {...(description !== undefined && { 'aria-describedby': descriptionId })} className={styles.switch ?? ''}>
      <span className={styles.words}>
        <span className={styles.label}>{children}</span>
        {description !== undefined && (
          <span id={descriptionId} className={styles.description}>
            {description}
          </span>
        )}
      </span>
      <span className={styles.track} aria-hidden>
        <span className={styles.thumb} />
      </span>
    </AriaSwitch>
  );
}
