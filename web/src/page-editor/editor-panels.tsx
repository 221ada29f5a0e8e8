import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LoadingPage } from '../shell/loading-page.js';
import { Banner } from '../ui/banner.js';
import { PHONE, useMedia } from '../ui/use-media.js';
import { Canvas } from './canvas/canvas.js';
import { useCanEdit, useEditor } from './editor.js';
import styles from './editor-panels.module.css';
import type { ChangeGroup } from './history/groups.js';
import { Palette } from './palette.js';
import { ComponentTree } from './tree/component-tree.js';

/** The page is there before what it is changed with. */
const PropertyPanel = lazy(async () => ({ default: (await import('./properties/property-panel.js')).PropertyPanel }));
const HistoryPanel = lazy(async () => ({ default: (await import('./history/history-panel.js')).HistoryPanel }));
const PastCanvas = lazy(async () => ({ default: (await import('./history/past-canvas.js')).PastCanvas }));

export interface EditorPanelsProps {
  readonly isHistoryOpen: boolean;
  readonly onHistoryClose: () => void;
}

/** The tree, the canvas and the properties: beside each other, or on phones the canvas with one of the others below it. */
export function EditorPanels({ isHistoryOpen, onHistoryClose }: EditorPanelsProps) {
  const isPhone = useMedia(PHONE);
  const [viewed, setViewed] = useState<ChangeGroup | null>(null);
  const close = (): void => {
    setViewed(null);
    onHistoryClose();
  };
  if (!isHistoryOpen && viewed) setViewed(null);
  const middle = <Middle viewed={viewed} onViewed={setViewed} />;
  const history = isHistoryOpen ? (
    <Suspense fallback={<LoadingPage />}>
      <HistoryPanel viewed={viewed} onView={setViewed} onClose={close} />
    </Suspense>
  ) : null;
  return isPhone ? <PhonePanels middle={middle} history={history} /> : <WidePanels middle={middle} history={history} />;
}

interface PanelsProps {
  middle: ReactNode;
  /** Null while it is closed. */
  history: ReactNode;
}

function WidePanels({ middle, history }: PanelsProps) {
  const { t } = useTranslation();
  return (
    <div className={styles.panels}>
      <Side label={t('editor.tree')}>
        <TreePanel />
      </Side>
      {middle}
      <Side label={t(history ? 'editor.history.title' : 'editor.properties')} isScrolled>
        {history ?? <Properties />}
      </Side>
    </div>
  );
}

function Properties() {
  return (
    <Suspense fallback={<LoadingPage />}>
      <PropertyPanel />
    </Suspense>
  );
}

function TreePanel() {
  const canEdit = useCanEdit();
  return (
    <div className={styles.parts} data-work>
      {canEdit && <Palette />}
      <div className={styles.tree}>
        <ComponentTree />
      </div>
    </div>
  );
}

function Middle({ viewed, onViewed }: { viewed: ChangeGroup | null; onViewed: (group: null) => void }) {
  const { t } = useTranslation();
  const canEdit = useCanEdit();
  return (
    <div className={styles.middle} data-work>
      {!canEdit && (
        <div className={styles.note}>
          <Banner>{t('editor.readOnly')}</Banner>
        </div>
      )}
      {viewed ? (
        <Suspense fallback={<LoadingPage />}>
          <PastCanvas group={viewed} onClose={() => onViewed(null)} />
        </Suspense>
      ) : (
        <Canvas />
      )}
    </div>
  );
}

function Side({ label, isScrolled = false, children }: { label: string; isScrolled?: boolean; children: ReactNode }) {
  return (
    <section className={styles.side} aria-label={label} data-scrolled={isScrolled || undefined} tabIndex={isScrolled ? 0 : undefined}>
      {children}
    </section>
  );
}

type Sheet = 'tree' | 'properties';

function PhonePanels({ middle, history }: PanelsProps) {
  const { t } = useTranslation();
  const { selection, elements } = useEditor();
  const [sheet, setSheet] = useState<Sheet | null>(null);
  // What is worked on is not to be hidden by what opens.
  useEffect(() => {
    const { lead } = selection;
    if (sheet !== null && lead !== undefined) elements.get(lead)?.scrollIntoView({ block: 'center' });
  }, [sheet, selection, elements]);
  const tab = (id: Sheet, label: string) => (
    <button type="button" className={styles.tab} aria-expanded={sheet === id} onClick={() => setSheet(sheet === id ? null : id)}>
      {label}
    </button>
  );
  return (
    <div className={styles.phone}>
      {middle}
      {history && (
        <Side label={t('editor.history.title')} isScrolled>
          {history}
        </Side>
      )}
      {!history && sheet !== null && (
        <Side label={sheet === 'tree' ? t('editor.tree') : t('editor.properties')} isScrolled={sheet === 'properties'}>
          {sheet === 'tree' ? <TreePanel /> : <Properties />}
        </Side>
      )}
      {!history && (
        <nav className={styles.tabs} aria-label={t('editor.panels')}>
          {tab('tree', t('editor.tree'))}
          {tab('properties', t('editor.properties'))}
        </nav>
      )}
    </div>
  );
}
