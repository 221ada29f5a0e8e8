import { useTranslation } from 'react-i18next';
import { Spinner } from './spinner.js';

/**
 * What makes a button wait: it stays focused, and does nothing. react-aria's own `isPending` announces by the button's id, and goes on to do so
 * when the button is gone, which is what often follows a success.
 */
export const PENDING = { 'aria-disabled': true, 'data-pending': true, type: 'button', onPress: undefined } as const;

/** The inside of a button that waits. */
export function Pending() {
  const { t } = useTranslation();
  return <Spinner label={t('ui.loading')} />;
}
