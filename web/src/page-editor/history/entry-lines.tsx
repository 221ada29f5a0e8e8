import { useClient } from '@atrium/client/react';
import type { TFunction } from 'i18next';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { changesOf } from './changes.js';
import { changeText } from './change-text.js';
import type { ChangeGroup, PageChange } from './groups.js';
import styles from './history-panel.module.css';

const MAX_LINES = 4;

/** What somebody did in one go, in words; each only once. */
export function EntryLines({ group, nameOf }: { group: ChangeGroup; nameOf: (id: string) => string }) {
  const { t } = useTranslation();
  const personOf = usePeople(group.entries.flatMap(({ userId }) => userId ?? []));
  const lines = useMemo(() => [...new Set(group.entries.flatMap((entry) => entryTexts(t, entry, nameOf, personOf)))], [group, nameOf, personOf, t]);
  const more = lines.length - MAX_LINES;
  return (
    <ul className={styles.lines}>
      {lines.slice(0, more === 1 ? MAX_LINES + 1 : MAX_LINES).map((line) => (
        <li key={line}>{line}</li>
      ))}
      {more > 1 && <li>{t('editor.history.more', { count: more })}</li>}
    </ul>
  );
}

/** What people are called, as soon as it is known. */
function usePeople(ids: readonly string[]): (id: string | undefined) => string {
  const { t } = useTranslation();
  const { users } = useClient();
  const wanted = ids.join(' ');
  const names = useSyncExternalStore(
    useCallback(
      (listener: () => void) => {
        const stops = wanted === '' ? [] : wanted.split(' ').map((id) => users.profile(id).subscribe(listener));
        return () => stops.forEach((stop) => stop());
      },
      [users, wanted],
    ),
    () => (wanted === '' ? '' : wanted.split(' ').map((id) => users.profile(id).get()?.displayName ?? '').join('\n')),
  );
  return useMemo(() => {
    const byId = new Map(wanted.split(' ').map((id, at) => [id, names.split('\n')[at]]));
    return (id) => (id === undefined ? undefined : byId.get(id)) || t('editor.history.somebody');
  }, [wanted, names, t]);
}

function entryTexts(t: TFunction, entry: PageChange, nameOf: (id: string) => string, personOf: (id: string | undefined) => string): string[] {
  const { type, patches = [], undoes, title, deleted, userId, actorId, reason } = entry;
  switch (type) {
    case 'op-patch': {
      const texts = changesOf(patches).map((change) => changeText(t, change, nameOf));
      return undoes === undefined ? texts : texts.map((what) => t('editor.history.tookBack', { what }));
    }
    case 'page-updated':
      return [deleted ? t('editor.history.deletedPage') : t('editor.history.titled', { name: title ?? '' })];
    case 'member-joined':
      return [userId === actorId ? t('editor.history.joinedSelf') : t('editor.history.joined', { name: personOf(userId) })];
    case 'member-left':
      return [reason === 'kicked' ? t('editor.history.putOut', { name: personOf(userId) }) : t('editor.history.left')];
    case 'member-updated':
      return [t('editor.history.roleOf', { name: personOf(userId) })];
    default:
      return [t('editor.history.other')];
  }
}
