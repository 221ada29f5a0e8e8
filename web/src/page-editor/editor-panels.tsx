import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../ui/banner.js';
import { PHONE, useMedia } from '../ui/use-media.js';
import { Canvas } from './canvas/canvas.js';
import { useCanEdit } from './editor.js';
import styles from './editor-panels.module.css';
import { Palette } from './palette.js';
import { PropertyPanel } from './properties/property-panel.js';
import { ComponentTree } from './tree/component-tree.js';

/** The tree, the canvas and the properties: beside each other, or on phones the canvas with one of the others below it. */
export function EditorPanels() {
  const isPhone = useMedia(PHONE);
  return isPhone ? <PhonePanels /> : <WidePanels />;
}

function WidePanels() {
  const { t } = useTranslation();
  return (
    <div className={styles.panels}>
      <Side label={t('editor.tree')}>
        <TreePanel />
      </Side>
      <Middle />
      <Side label={t('editor.properties')} isScrolled>
        <PropertyPanel />
      </Side>
    </div>
  );
}

function TreePanel() {
  const canEdit = useCanEdit();
  return (
    <>
      {canEdit && <Palette />}
      <div className={styles.tree}>
        <ComponentTree />
      </div>
    </>
  );
}

function Middle() {
  const { t } = useTranslation();
  const canEdit = useCanEdit();
  return (
    <div className={styles.middle}>
      {!canEdit && (
        <div className={styles.note}>
          <Banner>{t('editor.readOnly')}</Banner>
        </div>
      )}
      <Canvas />
    </div>
  );
}

function Side({ label, isScrolled = false, children }: { label: string; isScrolled?: boolean; children: ReactNode }) {
  return (
    <section className={styles.side} aria-label={label} data-scrolled={isScrolled || undefined}>
      {children}
    </section>
  );
}

type Sheet = 'tree' | 'properties';

function PhonePanels() {
  const { t } = useTranslation();
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const tab = (id: Sheet, label: string) => (
    <button type="button" className={styles.tab} aria-expanded={sheet === id} onClick={() => setSheet(sheet === id ? null : id)}>
      {label}
    </button>
  );
  return (
    <div className={styles.phone}>
      <Middle />
      {sheet !== null && (
        <Side label={sheet === 'tree' ? t('editor.tree') : t('editor.properties')} isScrolled={sheet === 'properties'}>
          {sheet === 'tree' ? <TreePanel /> : <PropertyPanel />}
        </Side>
      )}
      <nav className={styles.tabs} aria-label={t('editor.panels')}>
        {tab('tree', t('editor.tree'))}
        {tab('properties', t('editor.properties'))}
      </nav>
    </div>
  );
}
