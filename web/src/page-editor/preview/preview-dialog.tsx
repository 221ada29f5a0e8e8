import type { PageState } from '@atrium/client';
import { unwrap } from '@atrium/client';
import { useClient } from '@atrium/client/react';
import { Image, Monitor, Smartphone } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { errorText } from '../../i18n/error-text.js';
import { holdForeignImages } from '../../images/held-images.js';
import { showImagesOf, useShownHosts } from '../../images/use-foreign-host.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { ErrorState } from '../../ui/error-state.js';
import { Spinner } from '../../ui/spinner.js';
import { useAsync } from '../../ui/use-async.js';
import { useEditor } from '../editor.js';
import styles from './preview-dialog.module.css';

/** What is being saved is in the preview; offline, nobody waits for it. */
const PATIENCE_MS = 2_000;

type Width = 'desktop' | 'phone';

/** The page as its readers will see it, by the server. It can do nothing: no script, no form, no origin. */
export function PreviewDialog({ state, onClose }: { state: PageState; onClose: () => void }) {
  const { t } = useTranslation();
  const { rest } = useClient();
  const { page } = useEditor();
  const [width, setWidth] = useState<Width>('desktop');
  const { pageId } = state;
  const load = useCallback(async (): Promise<string> => {
    await Promise.race([page.flush(), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
    return unwrap<string>(rest.GET('/api/v1/pages/{pageId}/preview', { params: { path: { pageId } }, parseAs: 'text' }));
  }, [rest, page, pageId]);
  const { value, error, isLoading, reload } = useAsync(load);
  const shown = useShownHosts();
  const held = useMemo(() => (value === null ? null : holdForeignImages(value, shown, (host) => t('ui.imageFrom', { host }))), [value, shown, t]);
  return (
    <Dialog title={t('editor.preview.title')} size="full" isFlush isOpen onOpenChange={onClose}>
      <ToggleButtonGroup className={styles.widths ?? ''} aria-label={t('editor.preview.width')} selectedKeys={[width]} disallowEmptySelection onSelectionChange={(keys) => setWidth([...keys][0] as Width)}>
        <ToggleButton id="desktop" className={styles.width ?? ''}>
          <Monitor size={16} aria-hidden />
          {t('editor.preview.desktop')}
        </ToggleButton>
        <ToggleButton id="phone" className={styles.width ?? ''}>
          <Smartphone size={16} aria-hidden />
          {t('editor.preview.phone')}
        </ToggleButton>
      </ToggleButtonGroup>
      {held && held.hosts.length > 0 && (
        <div className={styles.images}>
          <span className={styles.hosts}>{t('editor.preview.heldImages', { hosts: held.hosts.join(', ') })}</span>
          <Button size="small" icon={<Image size={16} aria-hidden />} onPress={() => showImagesOf(...held.hosts)}>
            {t('ui.showImages')}
          </Button>
        </div>
      )}
      <div className={styles.stage}>
        {isLoading ? (
          <Spinner size={24} label={t('ui.loading')} />
        ) : error !== null || held === null ? (
          <ErrorState message={errorText(t, error)} onRetry={reload} />
        ) : (
          <iframe className={styles.frame} data-width={width} sandbox="" srcDoc={held.html} title={t('editor.preview.frame', { title: state.title })} />
        )}
      </div>
    </Dialog>
  );
}
