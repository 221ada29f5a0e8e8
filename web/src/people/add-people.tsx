import { AtriumError, type Profile } from '@atrium/client';
import { Check, Search, UserPlus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../i18n/error-text.js';
import { Avatar } from '../ui/avatar.js';
import { Button } from '../ui/button.js';
import { ErrorState } from '../ui/error-state.js';
import { Spinner } from '../ui/spinner.js';
import { TextField } from '../ui/text-field.js';
import styles from './people-list.module.css';
import { usePeopleSearch } from './use-people-search.js';

export interface AddPeopleProps {
  /** Those who are known to be in already. There may be more: `onAdd` finds out. */
  memberIds: ReadonlySet<string>;
  /** @throws AtriumError PRECONDITION_FAILED for one who is in already */
  onAdd: (userId: string) => Promise<void>;
  /** Beside the search: as what they are added. */
  children?: ReactNode;
}

/** Finds people and lets them in. */
export function AddPeople({ memberIds, onAdd, children }: AddPeopleProps) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const { people, error, retry } = usePeopleSearch(query);
  return (
    <>
      <div className={styles.filter}>
        <TextField type="search" label={t('people.addSearch')} isLabelHidden placeholder={t('people.addSearch')} value={query} onChange={setQuery} icon={<Search size={16} aria-hidden />} autoComplete="off" autoFocus />
        {children}
      </div>
      <div className={styles.scroller}>
        {query.trim() === '' && <p className={styles.note}>{t('people.addHint')}</p>}
        {error !== null && <ErrorState message={errorText(t, error)} onRetry={retry} />}
        {query.trim() !== '' && people === null && error === null && (
          <div className={styles.note}>
            <Spinner label={t('ui.loading')} />
          </div>
        )}
        {people?.length === 0 && <p className={styles.note}>{t('people.addNone')}</p>}
        <ul>
          {people?.map((person) => (
            <li key={person.id}>
              <Person person={person} isMember={memberIds.has(person.id)} onAdd={onAdd} />
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

function Person({ person, isMember, onAdd }: { person: Profile; isMember: boolean; onAdd: AddPeopleProps['onAdd'] }) {
  const { t } = useTranslation();
  const [state, setState] = useState<'idle' | 'pending' | 'added' | 'isMember'>('idle');
  const [error, setError] = useState<unknown>(null);
  const add = async (): Promise<void> => {
    setState('pending');
    setError(null);
    try {
      await onAdd(person.id);
      setState('added');
    } catch (reason) {
      const isIn = AtriumError.from(reason).code === 'PRECONDITION_FAILED';
      setState(isIn ? 'isMember' : 'idle');
      if (!isIn) setError(reason);
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
            {AtriumError.from(error).code === 'PERMISSION_DENIED' ? t('people.cannotAdd') : errorText(t, error)}
          </span>
        )}
      </div>
      {isMember || state === 'added' || state === 'isMember' ? (
        <span className={styles.added} role="status">
          <Check size={16} aria-hidden />
          {t(state === 'added' ? 'people.added' : 'people.isMember')}
        </span>
      ) : (
        <Button size="small" icon={<UserPlus size={14} aria-hidden />} aria-label={t('people.addLabel', { name: person.displayName })} isPending={state === 'pending'} onPress={() => void add()}>
          {t('people.addOne')}
        </Button>
      )}
    </div>
  );
}
