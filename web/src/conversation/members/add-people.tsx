import { type Profile, type Room, unwrap } from '@atrium/client';
import { useClient, useMembers } from '@atrium/client/react';
import { Check, Search, UserPlus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../../i18n/error-text.js';
import { Avatar } from '../../ui/avatar.js';
import { Button } from '../../ui/button.js';
import { ErrorState } from '../../ui/error-state.js';
import { Spinner } from '../../ui/spinner.js';
import { TextField } from '../../ui/text-field.js';
import styles from './members.module.css';
import { usePeopleSearch } from './use-people-search.js';

/** Finds people and makes them members. */
export function AddPeople({ room }: { room: Room }) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const { people, error, retry } = usePeopleSearch(query);
  const members = useMembers(room);
  const memberIds = useMemo(() => new Set(members?.items.map(({ user }) => user.id)), [members]);
  return (
    <>
      <div className={styles.filter}>
        <TextField type="search" label={t('conversation.people.addSearch')} isLabelHidden placeholder={t('conversation.people.addSearch')} value={query} onChange={setQuery} icon={<Search size={16} aria-hidden />} autoComplete="off" autoFocus />
      </div>
      <div className={styles.scroller}>
        {query.trim() === '' && <p className={styles.note}>{t('conversation.people.addHint')}</p>}
        {error !== null && <ErrorState message={errorText(t, error)} onRetry={retry} />}
        {query.trim() !== '' && people === null && error === null && (
          <div className={styles.note}>
            <Spinner label={t('ui.loading')} />
          </div>
        )}
        {people?.length === 0 && <p className={styles.note}>{t('conversation.people.addNone')}</p>}
        <ul>
          {people?.map((person) => (
            <li key={person.id}>
              <Person person={person} room={room} isMember={memberIds.has(person.id)} />
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

function Person({ person, room, isMember }: { person: Profile; room: Room; isMember: boolean }) {
  const { t } = useTranslation();
  const { rest } = useClient();
  const [state, setState] = useState<'idle' | 'pending' | 'added'>('idle');
  const [error, setError] = useState<unknown>(null);
  const add = async (): Promise<void> => {
    setState('pending');
    setError(null);
    try {
      const params = { path: { id: room.id, userId: person.id } };
      await unwrap(rest.PUT('/api/v1/rooms/{id}/members/{userId}', { params, body: { role: 'member' } }));
      setState('added');
    } catch (reason) {
      setState('idle');
      setError(reason);
    }
  };
  return (
    <div className={styles.row}>
      <Avatar id={person.id} name={person.displayName} url={person.avatarUrl} size={36} />
      <div className={styles.words}>
        <bdi className={styles.name}>{person.displayName}</bdi>
        {error === null ? (
          <span className={styles.username}>@{person.username}</span>
        ) : (
          <span className={styles.error} role="alert">
            {errorText(t, error)}
          </span>
        )}
      </div>
      {isMember || state === 'added' ? (
        <span className={styles.added} role="status">
          <Check size={16} aria-hidden />
          {t(state === 'added' ? 'conversation.people.added' : 'conversation.people.isMember')}
        </span>
      ) : (
        <Button size="small" icon={<UserPlus size={14} aria-hidden />} aria-label={t('conversation.people.addLabel', { name: person.displayName })} isPending={state === 'pending'} onPress={() => void add()}>
          {t('conversation.people.addOne')}
        </Button>
      )}
    </div>
  );
}
