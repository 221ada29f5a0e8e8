import type { Ref } from 'react';
import { FieldError, Label, Text, TextArea as AriaTextArea, TextField as AriaTextField, type TextFieldProps as AriaTextFieldProps } from 'react-aria-components';
import { classes } from './classes.js';
import styles from './field.module.css';

export interface TextAreaProps extends Omit<AriaTextFieldProps, 'className' | 'style' | 'children' | 'isInvalid'> {
  label: string;
  description?: string;
  error?: string | undefined;
  isLabelHidden?: boolean;
  placeholder?: string | undefined;
  rows?: number;
  inputRef?: Ref<HTMLTextAreaElement>;
}

export function TextArea({ label, description, error, isLabelHidden = false, placeholder, rows = 3, inputRef, ...props }: TextAreaProps) {
  const naming = isLabelHidden ? { 'aria-label': label } : {};
  return (
    <AriaTextField validationBehavior="aria" {...naming} {...props} isInvalid={error !== undefined} className={styles.field ?? ''}>
      {!isLabelHidden && <Label className={styles.label}>{label}</Label>}
      <div className={styles.control}>
        <AriaTextArea ref={inputRef} rows={rows} placeholder={placeholder} className={classes(styles.input, styles.textArea)} />
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
