import type { PageSnapshot } from '@atrium/client';
import { useClient, useProfile } from '@atrium/client/react';
import { useCallback, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../../i18n/error-text.js';
import { LoadingPage } from '../../shell/loading-page.js';
import { Banner } from '../../ui/banner.js';
import { Button } from '../../ui/button.js';
import { ErrorState } from '../../ui/error-state.js';
import { useAsync } from '../../ui/use-async.js';
import styles from '../canvas/canvas.module.css';
import { CanvasNode } from '../canvas/canvas-node.js';
import { Elements } from '../canvas/elements.js';
import { CanvasSourceContext, sourceOf } from '../canvas/source.js';
import { useEditor } from '../editor.js';
import panels from '../editor-panels.module.css';
import { compareVersions, type Difference } from './compare.js';
import type { ChangeGroup } from './groups.js';
import { PastMarks } from './past-marks.js';

/** The page as somebody left it, to be looked at, with marks at what was changed then. */
export function PastCanvas({ group, onClose }: { group: ChangeGroup; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const { page } = useEditor();
  const profile = useProfile(group.actorId ?? '');
  const { version, base } = group;
  const load = useCallback(async () => {
    const [before, after] = await Promise.all([client.pages.version(page.id, base), client.pages.version(page.id, version)]);
    const schema = after.schema as PageSnapshot;
    return { schema, difference: compareVersions(before.schema, schema) };
  }, [client, page, version, base]);
  const { value, error, isLoading, reload } = useAsync(load);
  const name = profile?.displayName || profile?.username || t('editor.history.somebody');
  const removed = value && !isLoading ? value.difference.removed : 0;
  return (
    <>
      <div className={panels.note}>
      <Banner
        action={
          <Button size="small" onPress={onClose}>
            {t('editor.history.now')}
          </Button>
        }
      >
        {t('editor.history.versionOf', { name })} · {t('editor.history.legend')} {removed > 0 && t('editor.history.removedHere', { count: removed })}
      </Banner>
      </div>
      {isLoading ? <LoadingPage /> : error !== null || !value ? <ErrorState message={errorText(t, error)} onRetry={reload} /> : <Past schema={value.schema} difference={value.difference} />}
    </>
  );
}

function Past({ schema, difference }: { schema: PageSnapshot; difference: Difference }) {
  const { t } = useTranslation();
  const content = useRef<HTMLDivElement>(null);
  const source = useMemo(() => sourceOf(schema, new Elements()), [schema]);
  const rootId = String(schema.rootId);
  return (
    <div className={styles.scroller} role="group" aria-label={t('editor.history.title')} tabIndex={0}>
      <div ref={content} className={styles.content}>
        <CanvasSourceContext value={source}>
          <CanvasNode key={rootId} id={rootId} isRoot />
        </CanvasSourceContext>
        <PastMarks content={content} elements={source.elements} marks={difference.marks} />
      </div>
    </div>
  );
}
