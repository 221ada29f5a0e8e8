import type { ReactNode, Ref } from 'react';
import { FieldError, Input, Label, Text, TextField as AriaTextField, type TextFieldProps as AriaTextFieldProps } from 'react-aria-components';
import styles from './field.module.css';

export interface TextFieldProps extends Omit<AriaTextFieldProps, 'className' | 'style' | 'children' | 'isInvalid'> {
  label: string;
  /** What to write, below the field. */
  description?: ReactNode;
  /** What is wrong; the field is invalid while there is one. */
  error?: string | undefined;
  /** Only for those who cannot see: the field explains itself by its place. */
  isLabelHidden?: boolean;
  placeholder?: string | undefined;
  icon?: ReactNode;
  /** At the end of the field, e.g. a small button. */
  end?: ReactNode;
  inputRef?: Ref<HTMLInputElement>;
}

export function TextField({ label, description, error, isLabelHidden = false, placeholder, icon, end, inputRef, ...props }: TextFieldProps) {
  const naming = isLabelHidden ? { 'aria-label': label } : {};
  return (
    <AriaTextField validationBehavior="aria" {...naming} {...props} isInvalid={error !== undefined} className={styles.field ?? ''}>
      {!isLabelHidden && <Label className={styles.label}>{label}</Label>}
      <div className={styles.control}>
        {icon && <span className={styles.icon}>{icon}</span>}
        <Input ref={inputRef} className={styles.input ?? ''} placeholder={placeholder} />
        {end && <span className={styles.end}>{end}</span>}
      </div>
      {description !== undefined && error === undefined && (
        <Text slot="description" className={styles.description}>
          {description}
        </Text>
      )}
      <FieldError className={styles.error ?? ''}>{error}</FieldError>
    </AriaTextField>
  );
}
