import type { Page, PageState } from '@atrium/client';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../i18n/error-text.js';
import { useToast } from '../ui/toast.js';
import { VisuallyHidden } from '../ui/visually-hidden.js';
import { DragGhost } from './drag/drag-ghost.js';
import { Editor, EditorContext } from './editor.js';
import { EditorPanels } from './editor-panels.js';
import { Header } from './header/header.js';
import styles from './open-page.module.css';
import { useEditingKeys } from './state/use-editing-keys.js';
import { useRejections } from './state/use-rejections.js';

const PreviewDialog = lazy(async () => ({ default: (await import('./preview/preview-dialog.js')).PreviewDialog }));
const ShortcutsDialog = lazy(async () => ({ default: (await import('./shortcuts-dialog.js')).ShortcutsDialog }));

type Overlay = 'help' | 'preview' | null;

/** A page that is there: what is done with it, and where. */
export function OpenPage({ page, state }: { page: Page; state: PageState }) {
  const { t } = useTranslation();
  const toast = useToast();
  const root = useRef<HTMLElement>(null);
  const [overlay, setOverlay] = useState<Overlay>(null);
  const [isHistoryOpen, setHistoryOpen] = useState(false);
  const [said, setSaid] = useState('');
  const editor = useMemo(
    () => new Editor(page, { announce: setSaid, failed: (error) => toast.show(errorText(t, error), { kind: 'error' }) }),
    [page, toast, t],
  );
  useEffect(() => editor.follow(), [editor]);
  useEffect(() => editor.past.subscribe(() => setSaid(t(editor.past.get() ? 'editor.history.isPast' : 'editor.history.isPresent'))), [editor, t]);
  useEditingKeys(root, editor, useCallback(() => setOverlay('help'), []));
  useRejections(page);
  const close = (): void => setOverlay(null);
  const closeHistory = (): void => {
    editor.past.set(null);
    setHistoryOpen(false);
  };
  return (
    <EditorContext value={editor}>
      <section ref={root} className={styles.page} aria-label={state.title}>
        <Header state={state} isHistoryOpen={isHistoryOpen} onHistory={isHistoryOpen ? closeHistory : () => setHistoryOpen(true)} onPreview={() => setOverlay('preview')} onHelp={() => setOverlay('help')} />
        <EditorPanels isHistoryOpen={isHistoryOpen} onHistoryClose={closeHistory} />
        <DragGhost />
        <div role="status" aria-live="polite">
          <VisuallyHidden>{said}</VisuallyHidden>
        </div>
      </section>
      <Suspense>
        {overlay === 'help' && <ShortcutsDialog onClose={close} />}
        {overlay === 'preview' && <PreviewDialog state={state} onClose={close} />}
      </Suspense>
    </EditorContext>
  );
}
