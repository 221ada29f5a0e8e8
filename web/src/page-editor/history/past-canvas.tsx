import type { PageSnapshot } from '@atrium/client';
import { useClient, useProfile } from '@atrium/client/react';
import { RotateCcw } from 'lucide-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../../i18n/error-text.js';
import { LoadingPage } from '../../shell/loading-page.js';
import { Banner } from '../../ui/banner.js';
import { Button } from '../../ui/button.js';
import { classes } from '../../ui/classes.js';
import { ErrorState } from '../../ui/error-state.js';
import { formatTime } from '../../ui/format.js';
import { useAsync } from '../../ui/use-async.js';
import styles from '../canvas/canvas.module.css';
import { CanvasNode } from '../canvas/canvas-node.js';
import { Elements } from '../canvas/elements.js';
import { CanvasSourceContext, sourceOf } from '../canvas/source.js';
import { useEditor, useMayEdit } from '../editor.js';
import panels from '../editor-panels.module.css';
import { compareVersions, type Difference } from './compare.js';
import type { ChangeGroup } from './groups.js';
import { PastMarks } from './past-marks.js';
import { RestoreDialog } from './restore-dialog.js';

/** The page as somebody left it, to be looked at, with marks at what was changed then. */
export function PastCanvas({ group }: { group: ChangeGroup }) {
  const { t } = useTranslation();
  const client = useClient();
  const { page } = useEditor();
  const { version, base } = group;
  const load = useCallback(async () => {
    const [before, after] = await Promise.all([client.pages.version(page.id, base), client.pages.version(page.id, version)]);
    const schema = after.schema as PageSnapshot;
    return { schema, difference: compareVersions(before.schema, schema) };
  }, [client, page, version, base]);
  const { value, error, isLoading, reload } = useAsync(load);
  return (
    <>
      <PastBanner group={group} removed={value && !isLoading ? value.difference.removed : 0} />
      {isLoading ? <LoadingPage /> : error !== null || !value ? <ErrorState message={errorText(t, error)} onRetry={reload} /> : <Past schema={value.schema} difference={value.difference} />}
    </>
  );
}

/** Says that this is not the present, and leads back to it; or makes the present what is shown. */
function PastBanner({ group, removed }: { group: ChangeGroup; removed: number }) {
  const { t, i18n } = useTranslation();
  const { past } = useEditor();
  const mayEdit = useMayEdit();
  const [isRestoring, setRestoring] = useState(false);
  const profile = useProfile(group.actorId ?? '');
  const name = profile?.displayName || profile?.username || t('editor.history.somebody');
  const actions = (
    <span className={panels.noteActions}>
      {mayEdit && (
        <Button size="small" icon={<RotateCcw size={14} aria-hidden />} onPress={() => setRestoring(true)}>
          {t('editor.history.restoreAction')}
        </Button>
      )}
      <Button size="small" variant="primary" onPress={() => past.set(null)}>
        {t('editor.history.now')}
      </Button>
    </span>
  );
  return (
    <div className={panels.note}>
      <Banner kind="warning" action={actions}>
        {t('editor.history.versionOf', { name, time: formatTime(group.until, i18n.language) })} {t('editor.history.isPast')} {t('editor.history.legend')}{' '}
        {removed > 0 && t('editor.history.removedHere', { count: removed })}
      </Banner>
      {isRestoring && <RestoreDialog version={group.version} onClose={() => setRestoring(false)} />}
    </div>
  );
}

function Past({ schema, difference }: { schema: PageSnapshot; difference: Difference }) {
  const { t } = useTranslation();
  const content = useRef<HTMLDivElement>(null);
  const source = useMemo(() => sourceOf(schema, new Elements()), [schema]);
  const rootId = String(schema.rootId);
  return (
    <div className={classes(styles.scroller, 'desk')} role="group" aria-label={t('editor.history.pageThen')} tabIndex={0}>
      <div ref={content} className={styles.content}>
        <CanvasSourceContext value={source}>
          <CanvasNode key={rootId} id={rootId} isRoot />
        </CanvasSourceContext>
        <PastMarks content={content} elements={source.elements} marks={difference.marks} />
      </div>
    </div>
  );
}
