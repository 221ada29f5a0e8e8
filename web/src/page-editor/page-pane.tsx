import { usePage, usePageState, useReadable } from '@atrium/client/react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../i18n/error-text.js';
import { BackButton } from '../shell/back-button.js';
import { LoadingPage } from '../shell/loading-page.js';
import { ErrorState } from '../ui/error-state.js';

/** A page, open. */
export function PagePane({ pageId }: { pageId: string }) {
  const { t } = useTranslation();
  const page = usePage(pageId);
  const state = usePageState(page);
  const error = useReadable(page.error);
  return (
    <>
      <header>
        <BackButton />
        {state && <h2>{state.title}</h2>}
      </header>
      {error !== null && <ErrorState message={errorText(t, error)} onRetry={() => void page.open()} />}
      {error === null && state === null && <LoadingPage />}
    </>
  );
}
