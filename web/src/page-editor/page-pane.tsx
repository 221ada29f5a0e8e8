import { AtriumError } from '@atrium/client';
import { usePage, usePageState, usePageView, useReadable, useUser } from '@atrium/client/react';
import { FileX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { errorText } from '../i18n/error-text.js';
import { LoadingPage } from '../shell/loading-page.js';
import { EmptyState } from '../ui/empty-state.js';
import { ErrorState } from '../ui/error-state.js';
import { stylePages } from './components/page-style.js';
import './editor-texts.js';
import { OpenPage } from './open-page.js';

stylePages();

/** A page, open for whoever may see it. */
export function PagePane({ pageId }: { pageId: string }) {
  return <Pane key={pageId} pageId={pageId} />;
}

const GONE = new Set(['PAGE_NOT_FOUND', 'PERMISSION_DENIED', 'NOT_FOUND']);

function Pane({ pageId }: { pageId: string }) {
  const { t } = useTranslation();
  const page = usePage(pageId);
  const state = usePageState(page);
  const isLoaded = usePageView(page) !== null;
  const error = useReadable(page.error);
  const user = useUser();
  if (state && isLoaded && user) return <OpenPage page={page} state={state} />;
  if (!error) return <LoadingPage />;
  if (!GONE.has(AtriumError.from(error).code)) return <ErrorState message={errorText(t, error)} onRetry={() => void page.open().then(() => page.close())} />;
  return <EmptyState icon={<FileX size={22} />} title={t('editor.goneTitle')} text={t('editor.goneText')} action={<Link href="/pages">{t('editor.back')}</Link>} />;
}
