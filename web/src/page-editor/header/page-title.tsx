import type { PageState } from '@atrium/client';
import { useClient } from '@atrium/client/react';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../../i18n/error-text.js';
import { useToast } from '../../ui/toast.js';
import { useCanEdit } from '../editor.js';
import styles from './header.module.css';

/** The title, which can be written where it stands. Enter keeps it, Escape does not. */
export function PageTitle({ state: { pageId, title } }: { state: PageState }) {
  const { t } = useTranslation();
  const client = useClient();
  const toast = useToast();
  const canEdit = useCanEdit();
  const [draft, setDraft] = useState<string | null>(null);
  if (!canEdit || draft === null) {
    return (
      <h2 className={styles.title}>
        {canEdit ? (
          <button type="button" className={styles.titleButton} title={t('editor.rename')} onClick={() => setDraft(title)}>
            <bdi>{title}</bdi>
          </button>
        ) : (
          <bdi className={styles.titleText}>{title}</bdi>
        )}
      </h2>
    );
  }
  const keep = (): void => {
    setDraft(null);
    const wanted = draft.trim();
    if (wanted === '' || wanted === title) return;
    client.pages.rename(pageId, wanted).catch((error: unknown) => toast.show(errorText(t, error), { kind: 'error' }));
  };
  const key = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') keep();
    if (event.key === 'Escape') setDraft(null);
  };
  return (
    <input
      className={styles.titleInput}
      aria-label={t('editor.titleLabel')}
      maxLength={200}
      value={draft}
      onChange={(event) => setDraft(event.target.value)}
      onKeyDown={key}
      onBlur={keep}
      onFocus={(event) => event.target.select()}
      autoFocus
    />
  );
}
