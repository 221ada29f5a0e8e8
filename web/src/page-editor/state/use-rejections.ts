import type { Page } from '@atrium/client';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../../i18n/error-text.js';
import { useToast } from '../../ui/toast.js';
import { changesOf } from '../history/changes.js';
import { changeText } from '../history/change-text.js';
import { namesOf } from '../history/names.js';

/** Tells what was taken back because the server did not take it, and why. */
export function useRejections(page: Page): void {
  const { t } = useTranslation();
  const toast = useToast();
  useEffect(
    () =>
      page.onRejected(({ patches, error }) => {
        const [change] = changesOf(patches);
        const what = change ? changeText(t, change, namesOf(t, page.view.get()?.schema, [])) : t('editor.history.other');
        toast.show(t('editor.rejected', { what, why: error ? errorText(t, error) : t('editor.rejectedGone') }), { kind: 'error' });
      }),
    [page, t, toast],
  );
}
