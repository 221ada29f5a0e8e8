import { lazy, Suspense, useCallback, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useRoute } from 'wouter';
import { Sidebar } from '../rooms/sidebar.js';
import { PHONE, useMedia } from '../ui/use-media.js';
import { VisuallyHidden } from '../ui/visually-hidden.js';
import { areaOf, AREAS } from './areas.js';
import { BrokenPage } from './broken-page.js';
import { ConnectionBanner } from './connection-banner.js';
import { useDialogs } from './dialogs.js';
import { DialogsProvider } from './dialogs-provider.js';
import { ErrorBoundary } from './error-boundary.js';
import { LoadingPage } from './loading-page.js';
import { NotFound } from './not-found.js';
import { NothingOpen } from './nothing-open.js';
import { usePageListPanel } from './page-list-panel.js';
import { paths } from './paths.js';
import { Rail } from './rail.js';
import styles from './shell.module.css';
import { useAddedToasts } from './use-added-toasts.js';
import { useDocumentTitle } from './use-document-title.js';
import { useShortcut } from './use-shortcut.js';

const loadRoomPane = () => import('../rooms/room-pane.js');
const RoomPane = lazy(async () => ({ default: (await loadRoomPane()).RoomPane }));
const PagesSidebar = lazy(async () => ({ default: (await import('../pages/pages-sidebar.js')).PagesSidebar }));
const NoPageOpen = lazy(async () => ({ default: (await import('../pages/no-page-open.js')).NoPageOpen }));
const PagePane = lazy(async () => ({ default: (await import('../page-editor/page-pane.js')).PagePane }));

/** Hardly anybody comes for the list alone. */
void loadRoomPane().catch(() => undefined);

/** What is around everything for who is signed in. */
export function Shell() {
  return (
    <DialogsProvider>
      <Frame />
    </DialogsProvider>
  );
}

function Frame() {
  const { t } = useTranslation();
  const [path] = useLocation();
  const [, room] = useRoute<{ roomId: string }>('/rooms/:roomId');
  const [, page] = useRoute<{ pageId: string }>('/pages/:pageId');
  const open = { roomId: room?.roomId, pageId: page?.pageId };
  const dialogs = useDialogs();
  useShortcut('k', useCallback(() => dialogs.open({ kind: 'switcher' }), [dialogs]));
  useDocumentTitle(open);
  useAddedToasts();
  const isList = isListPath(path);
  const isPhone = useMedia(PHONE);
  const [isPageListOpen] = usePageListPanel();
  return (
    <div className={styles.shell} data-screen={isList ? 'list' : 'pane'} data-list={page && !isPageListOpen ? 'folded' : undefined}>
      <a href="#pane" className={styles.skip}>
        {t('shell.skip')}
      </a>
      <header className={styles.banner}>
        <h1>
          <VisuallyHidden>Atrium</VisuallyHidden>
        </h1>
        <ConnectionBanner />
      </header>
      <div className={styles.rail}>
        <Rail />
      </div>
      <div className={styles.sidebar} role={isPhone && isList ? 'main' : undefined}>
        {areaOf(path).id === 'pages' ? (
          <Suspense fallback={<LoadingPage />}>
            <PagesSidebar currentPageId={open.pageId} />
          </Suspense>
        ) : (
          <Sidebar currentRoomId={open.roomId} />
        )}
      </div>
      <Pane path={path} {...open} />
    </div>
  );
}

function Pane({ path, roomId, pageId }: { path: string; roomId: string | undefined; pageId: string | undefined }) {
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  // The new screen is where the reader goes on, unless it has chosen a better place in itself already.
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    if (!isListPath(path) && !main.current?.contains(document.activeElement)) main.current?.focus({ preventScroll: true });
  }, [path]);
  return (
    <main id="pane" ref={main} tabIndex={-1} className={styles.pane}>
      <ErrorBoundary fallback={<BrokenPage />} resetKey={path}>
        <Suspense fallback={<LoadingPage />}>
          {roomId !== undefined && <RoomPane roomId={roomId} />}
          {pageId !== undefined && <PagePane key={pageId} pageId={pageId} />}
          {path === paths.home && <NothingOpen />}
          {path === paths.pages && <NoPageOpen />}
          {roomId === undefined && pageId === undefined && !isListPath(path) && <NotFound />}
        </Suspense>
      </ErrorBoundary>
    </main>
  );
}

/** Whether nothing is open but the list of an area. */
function isListPath(path: string): boolean {
  return AREAS.some(({ href }) => href === path);
}
