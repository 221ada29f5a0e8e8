import type { FieldError } from '@atrium/client';
import type { TFunction } from 'i18next';

type Rule = readonly [message: RegExp, text: (t: TFunction, amount: number) => string];

/** What the server says of a field, in the reader's language. The number is the first one in the message. */
const RULES: readonly Rule[] = [
  [/received undefined|must not be blank|is required|expected string to have >=1 char/i, (t) => t('fields.required')],
  [/string to have >=\d+|must have at least \d+/, (t, count) => t('fields.min', { count })],
  [/string to have <=\d+|must have at most \d+/, (t, count) => t('fields.max', { count })],
  [/number to be >=/, (t, count) => t('fields.numberMin', { count })],
  [/number to be <=/, (t, count) => t('fields.numberMax', { count })],
  [/expected (int|number)/, (t) => t('fields.number')],
  [/Invalid email/i, (t) => t('fields.email')],
  [/Invalid URL/i, (t) => t('fields.url')],
  [/user or password/, (t) => t('fields.userinfo')],
  [/is taken/, (t) => t('fields.taken')],
  [/most common passwords/, (t) => t('fields.commonPassword')],
  [/made of your name/, (t) => t('fields.guessablePassword')],
  [/too like/, (t) => t('fields.tooAlike')],
  [/is reserved/, (t) => t('fields.reserved')],
  [/mix scripts/, (t) => t('fields.scripts')],
  [/one line/, (t) => t('fields.oneLine')],
  [/ marks? /, (t) => t('fields.marks')],
  [/is not your password/, (t) => t('fields.currentPassword')],
  [/is wrong/, (t) => t('rooms.passwordWrong')],
  [/letters, digits/, (t) => t('fields.username')],
  [/NFKC/, (t) => t('fields.normalForm')],
  [/invisible/, (t) => t('fields.invisible')],
  [/control characters/, (t) => t('fields.controlCharacters')],
  [/well-formed/, (t) => t('fields.unicode')],
];

/** A message that is newer than we are stays in the server's words. */
export function fieldErrorText(t: TFunction, { message }: FieldError): string {
  const rule = RULES.find(([pattern]) => pattern.test(message));
  const amount = Number(/\d+/.exec(message)?.[0] ?? 0);
  return rule ? rule[1](t, amount) : message;
}

/** The first error of each field. Those of fields that the form does not have are left out. */
export function fieldErrorTexts<F extends string>(t: TFunction, errors: readonly FieldError[], fields: readonly F[]): Partial<Record<F, string>> {
  const texts: Partial<Record<F, string>> = {};
  for (const error of errors) {
    const field = fields.find((name) => name === error.path);
    if (field !== undefined) texts[field] ??= fieldErrorText(t, error);
  }
  return texts;
}
