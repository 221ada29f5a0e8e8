import { useReadable } from '@atrium/client/react';
import { PanelLeftClose, PanelLeftOpen, PanelRightClose, PanelRightOpen } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LoadingPage } from '../shell/loading-page.js';
import { Banner } from '../ui/banner.js';
import { focusOnceFree } from '../ui/focus-once-free.js';
import { IconButton } from '../ui/icon-button.js';
import { PHONE, useMedia } from '../ui/use-media.js';
import { usePanel } from '../ui/use-panel.js';
import { Canvas } from './canvas/canvas.js';
import { useCanEdit, useEditor, useMayEdit } from './editor.js';
import styles from './editor-panels.module.css';
import { Palette } from './palette.js';
import { usePart } from './state/use-part.js';
import { ComponentTree } from './tree/component-tree.js';

/** The page is there before what it is changed with. */
const PropertyPanel = lazy(async () => ({ default: (await import('./properties/property-panel.js')).PropertyPanel }));
const HistoryPanel = lazy(async () => ({ default: (await import('./history/history-panel.js')).HistoryPanel }));
const DamagedBanner = lazy(async () => ({ default: (await import('./history/damaged-banner.js')).DamagedBanner }));
const PastCanvas = lazy(async () => ({ default: (await import('./history/past-canvas.js')).PastCanvas }));

export interface EditorPanelsProps {
  readonly isHistoryOpen: boolean;
  readonly onHistoryClose: () => void;
}

/** The tree, the canvas and the properties: beside each other, or on phones the canvas with one of the others below it. */
export function EditorPanels({ isHistoryOpen, onHistoryClose }: EditorPanelsProps) {
  const isPhone = useMedia(PHONE);
  const history = isHistoryOpen ? (
    <Suspense fallback={<LoadingPage />}>
      <HistoryPanel onClose={onHistoryClose} />
    </Suspense>
  ) : null;
  return isPhone ? <PhonePanels history={history} /> : <WidePanels history={history} />;
}

interface PanelsProps {
  /** Null while it is closed. */
  history: ReactNode;
}

/** Up to these widths the canvas needs the room more, unless somebody says otherwise. */
const ROOM_FOR_TREE = '(min-width: 900px)';
const ROOM_FOR_PROPERTIES = '(min-width: 1100px)';

function WidePanels({ history }: PanelsProps) {
  const { t } = useTranslation();
  const isPast = usePart(useEditor().past, (past) => past !== null);
  return (
    <div className={styles.panels}>
      {/* It is that of the present. */}
      {!isPast && (
        <FoldingSide name="tree" fits={ROOM_FOR_TREE} label={t('editor.tree')}>
          <TreePanel />
        </FoldingSide>
      )}
      <Middle />
      {history ? (
        <Side label={t('editor.history.title')} isScrolled>
          {history}
        </Side>
      ) : (
        <FoldingSide name="properties" fits={ROOM_FOR_PROPERTIES} label={t('editor.properties')} isScrolled>
          <Properties />
        </FoldingSide>
      )}
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

function Middle() {
  const { t } = useTranslation();
  const editor = useEditor();
  const mayEdit = useMayEdit();
  const past = useReadable(editor.past);
  const brokenAt = usePart(editor.page.state, (state) => state?.brokenAt);
  const middle = useRef<HTMLDivElement>(null);
  const wasPast = useRef(false);
  useEffect(() => {
    if (past || !wasPast.current) {
      wasPast.current = past !== null;
      return undefined;
    }
    wasPast.current = false;
    // What led back to the present is gone, and the keys would reach nobody.
    return focusOnceFree(() => middle.current?.querySelector<HTMLElement>('[data-canvas]'));
  }, [past]);
  return (
    <div ref={middle} className={styles.middle} data-work>
      {!mayEdit && (
        <div className={styles.note}>
          <Banner>{t('editor.readOnly')}</Banner>
        </div>
      )}
      {brokenAt !== undefined && !past && (
        <Suspense>
          <DamagedBanner brokenAt={brokenAt} />
        </Suspense>
      )}
      {past ? (
        <Suspense fallback={<LoadingPage />}>
          <PastCanvas key={past.version} group={past} />
        </Suspense>
      ) : (
        <Canvas />
      )}
    </div>
  );
}

interface SideProps {
  label: string;
  isScrolled?: boolean;
  /** How to fold it. */
  head?: ReactNode;
  children: ReactNode;
}

function Side({ label, isScrolled = false, head, children }: SideProps) {
  return (
    <section className={styles.side} aria-label={label}>
      {head}
      <div className={styles.body} data-scrolled={isScrolled || undefined} tabIndex={isScrolled ? 0 : undefined}>
        {children}
      </div>
    </section>
  );
}

const FOLD_ICONS = { tree: [PanelLeftClose, PanelLeftOpen], properties: [PanelRightClose, PanelRightOpen] } as const;

/** A panel that can be folded away, so that the canvas has its room. */
function FoldingSide({ name, fits, label, ...side }: SideProps & { name: keyof typeof FOLD_ICONS; fits: string }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = usePanel(name, fits);
  const [isPressed, setPressed] = useState(false);
  const Icon = FOLD_ICONS[name][isOpen ? 0 : 1];
  const toggle = (): void => {
    setPressed(true);
    setOpen(!isOpen);
  };
  // Each state has a button of its own, which goes on where the other one was pressed.
  const button = (
    <IconButton key={String(isOpen)} size="small" label={t(isOpen ? 'editor.fold' : 'editor.unfold', { panel: label })} autoFocus={isPressed} onPress={toggle}>
      <Icon size={16} aria-hidden />
    </IconButton>
  );
  if (!isOpen) return <div className={styles.folded}>{button}</div>;
  const head = (
    <div className={styles.sideHead}>
      <span className={styles.sideTitle} aria-hidden>
        {label}
      </span>
      {button}
    </div>
  );
  return <Side label={label} head={head} {...side} />;
}

type Sheet = 'tree' | 'properties';

function PhonePanels({ history }: PanelsProps) {
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
      <Middle />
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
