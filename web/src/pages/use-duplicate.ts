import { useClient } from '@atrium/client/react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { errorText } from '../i18n/error-text.js';
import { paths } from '../shell/paths.js';
import { useToast } from '../ui/toast.js';
import { MAX_TITLE } from './title.js';

/** Makes a copy of a page, and goes to it. */
export function useDuplicate(): (page: { pageId: string; title: string }) => Promise<void> {
  const { t } = useTranslation();
  const client = useClient();
  const toast = useToast();
  const [, navigate] = useLocation();
  return async ({ pageId, title }) => {
    try {
      const copy = await client.pages.duplicate(pageId, { title: t('pages.copyOf', { title }).slice(0, MAX_TITLE) });
      toast.show(t('pages.duplicated', { title }), { kind: 'success' });
      navigate(paths.page(copy.pageId));
    } catch (error) {
      toast.show(errorText(t, error), { kind: 'error' });
    }
  };
}
