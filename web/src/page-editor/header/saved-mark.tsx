import { useSaved } from '@atrium/client/react';
import { Check, CloudOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Spinner } from '../../ui/spinner.js';
import { useDebounced } from '../../ui/use-debounced.js';
import { useMayEdit, useEditor } from '../editor.js';
import styles from './header.module.css';

/** What is saved sooner need not be said. */
const PATIENCE_MS = 300;

/** Whether everything is on disk. */
export function SavedMark() {
  const { t } = useTranslation();
  const { page } = useEditor();
  const canEdit = useMayEdit();
  const saved = useDebounced(useSaved(page), PATIENCE_MS);
  if (!canEdit) return <span className={styles.saved}>{t('editor.readOnlyShort')}</span>;
  const text = { saved: t('editor.saved'), saving: t('editor.saving'), offline: t('editor.savedOffline') }[saved];
  return (
    <span className={styles.saved} role="status" aria-live="polite" data-saved={saved} title={text}>
      {saved === 'saved' ? <Check size={14} aria-hidden /> : saved === 'saving' ? <Spinner size={14} /> : <CloudOff size={14} aria-hidden />}
      <span className={styles.savedText}>{text}</span>
    </span>
  );
}
