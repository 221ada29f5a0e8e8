import { AtriumError } from '@atrium/client';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../i18n/error-text.js';
import { fieldErrorTexts } from './field-error-text.js';

export type FieldErrors<F extends string> = Partial<Record<F, string>>;

export interface FormState<F extends string> {
  readonly values: Readonly<Record<F, string>>;
  readonly errors: FieldErrors<F>;
  /** What is wrong with the whole. */
  readonly error: string | null;
  readonly isPending: boolean;
}

export interface FormOptions<F extends string> {
  initial: Record<F, string>;
  /** Fields that may not be empty: known without asking the server. */
  required?: readonly NoInfer<F>[];
  onSubmit: (values: Readonly<Record<NoInfer<F>, string>>) => Promise<void>;
  /** A better text for an error in this place, if there is one. */
  explain?: (error: AtriumError) => string | undefined;
}

/** The texts of a form, its submission, and what was wrong with it. */
export function useForm<F extends string>({ initial, required = [], onSubmit, explain }: FormOptions<F>) {
  const { t } = useTranslation();
  const [state, setState] = useState<FormState<F>>({ values: initial, errors: {}, error: null, isPending: false });
  const fields = Object.keys(initial) as F[];

  /** What is being corrected is no longer called wrong. */
  const change = useCallback((field: F, value: string) => {
    setState((before) => ({ ...before, values: { ...before.values, [field]: value }, errors: { ...before.errors, [field]: undefined } }));
  }, []);

  const submit = async (): Promise<void> => {
    if (state.isPending) return;
    const missing = required.filter((field) => state.values[field].trim() === '');
    if (missing.length > 0) {
      const errors = Object.fromEntries(missing.map((field) => [field, t('fields.required')])) as FieldErrors<F>;
      return setState((before) => ({ ...before, errors, error: null }));
    }
    setState((before) => ({ ...before, errors: {}, error: null, isPending: true }));
    try {
      await onSubmit(state.values);
      setState((before) => ({ ...before, isPending: false }));
    } catch (reason) {
      const failure = AtriumError.from(reason);
      const errors = fieldErrorTexts(t, failure.errors, fields);
      const error = Object.keys(errors).length > 0 ? null : (explain?.(failure) ?? errorText(t, failure));
      setState((before) => ({ ...before, errors, error, isPending: false }));
    }
  };

  /** The properties of a field of ours. */
  const field = (name: F) => ({ name, value: state.values[name], error: state.errors[name], onChange: (value: string) => change(name, value) });

  const reset = (values: Record<F, string>): void => setState({ values, errors: {}, error: null, isPending: false });

  return { ...state, change, submit, field, reset };
}
