import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';
import { Banner } from '../ui/banner.js';
import styles from './form.module.css';

export interface FormProps {
  id?: string;
  /** What is wrong with the whole. */
  error: string | null;
  /** What is wrong with single fields: the first of them gets the focus. */
  errors: object;
  onSubmit: () => Promise<void>;
  children: ReactNode;
}

export function Form({ id, error, errors, onSubmit, children }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const wasSubmitted = useRef(false);
  useEffect(() => {
    if (!wasSubmitted.current || Object.values(errors).every((text) => text === undefined)) return;
    wasSubmitted.current = false;
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [errors]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    wasSubmitted.current = true;
    void onSubmit();
  };
  return (
    <form ref={form} id={id} className={styles.form} noValidate onSubmit={submit}>
      {error !== null && <Banner kind="danger">{error}</Banner>}
      {children}
    </form>
  );
}
