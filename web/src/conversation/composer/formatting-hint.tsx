import { useTranslation } from 'react-i18next';
import { commandKey } from '../../shell/use-shortcut.js';
import { VisuallyHidden } from '../../ui/visually-hidden.js';
import styles from './composer.module.css';

/** That Markdown works, by examples, while somebody writes. A screen reader gets a sentence, since it would read stars. */
export function FormattingHint({ id }: { id: string }) {
  const { t } = useTranslation();
  const keys = { bold: commandKey('B'), italic: commandKey('I') };
  return (
    <span className={styles.hint} title={t('conversation.composer.formattingKeys', keys)}>
      <VisuallyHidden id={id}>{t('conversation.composer.formatting', keys)}</VisuallyHidden>
      <span className={styles.examples} aria-hidden>
        <strong>**{t('conversation.composer.bold')}**</strong>
        <em>*{t('conversation.composer.italic')}*</em>
        <code>`{t('conversation.composer.code')}`</code>
        <span>&gt; {t('conversation.composer.quote')}</span>
      </span>
    </span>
  );
}
