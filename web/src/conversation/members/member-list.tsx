import type { Member, MyRoom, Room } from '@atrium/client';
import { useClient, useUser } from '@atrium/client/react';
import { Search } from 'lucide-react';
import { useCallback, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CustomItemComponentProps, Virtualizer, type VirtualizerHandle } from 'virtua';
import { errorText } from '../../i18n/error-text.js';
import { ErrorState } from '../../ui/error-state.js';
import { Spinner } from '../../ui/spinner.js';
import { Switch } from '../../ui/switch.js';
import { TextField } from '../../ui/text-field.js';
import { useToast } from '../../ui/toast.js';
import { ConfirmAction, type ConfirmedAction, needsConfirmation } from './confirm-action.js';
import { type MemberAction, perform } from './member-actions.js';
import { MemberRow } from './member-row.js';
import styles from '../../people/people-list.module.css';
import { useMemberFilter } from './use-member-filter.js';

/** The next page is asked for this many rows before the end. */
const LOAD_AHEAD_ROWS = 20;

interface Asked {
  readonly action: ConfirmedAction;
  readonly member: Member;
}

export function MemberList({ room, state }: { room: Room; state: MyRoom }) {
  const { t } = useTranslation();
  const ownId = useUser()?.id ?? '';
  const [query, setQuery] = useState('');
  const [isHereOnly, setHereOnly] = useState(false);
  const [asked, setAsked] = useState<Asked | null>(null);
  const { members, online, isSearching, isLoading, error, loadMore, refresh } = useMemberFilter(room, query, isHereOnly, state.memberCount);
  const { pending, run } = useActions(room, refresh);
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);

  const loadAhead = (): void => {
    if (!list.current || !scroller.current || !members) return;
    const last = list.current.findItemIndex(list.current.scrollOffset + scroller.current.clientHeight);
    if (last > members.length - LOAD_AHEAD_ROWS) loadMore();
  };
  const choose = (action: MemberAction, member: Member): void => {
    if (needsConfirmation(action)) setAsked({ action, member });
    else void run(action, member);
  };

  return (
    <>
      <div className={styles.filter}>
        <TextField type="search" label={t('conversation.people.search')} isLabelHidden placeholder={t('conversation.people.search')} value={query} onChange={setQuery} icon={isSearching ? <Spinner /> : <Search size={16} aria-hidden />} maxLength={64} autoComplete="off" />
        <Switch isSelected={isHereOnly} onChange={setHereOnly}>
          {t('conversation.people.here')}
        </Switch>
      </div>
      <div ref={scroller} className={styles.scroller} aria-busy={isLoading}>
        {members && members.length > 0 && (
          <Virtualizer ref={list} scrollRef={scroller} as="ul" item={Item} data={members} onScroll={loadAhead}>
            {(member) => <MemberRow key={member.user.id} member={member} state={state} ownId={ownId} isOnline={online.has(member.user.id)} isPending={pending.has(member.user.id)} onAction={choose} />}
          </Virtualizer>
        )}
        {isLoading && !(isSearching && members?.length) && (
          <div className={styles.note}>
            <Spinner label={t('conversation.people.loading')} />
          </div>
        )}
        {error !== null && <ErrorState message={errorText(t, error)} onRetry={loadMore} />}
        {!isLoading && error === null && members?.length === 0 && <p className={styles.note}>{t(isHereOnly && query.trim() === '' ? 'conversation.people.noneHere' : 'conversation.people.none')}</p>}
      </div>
      {asked && <ConfirmAction action={asked.action} member={asked.member} onClose={() => setAsked(null)} onConfirm={() => run(asked.action, asked.member)} />}
    </>
  );
}

function Item({ children, style, ref }: CustomItemComponentProps) {
  return (
    <li ref={ref} style={style}>
      {children}
    </li>
  );
}

/** Does things about members; each of them shows that something is under way, and what went wrong. */
function useActions(room: Room, onDone: () => void) {
  const { t } = useTranslation();
  const client = useClient();
  const { show } = useToast();
  const [pending, setPending] = useState<ReadonlySet<string>>(new Set());
  const run = useCallback(
    async (action: MemberAction, { user: { id } }: Member): Promise<void> => {
      setPending((ids) => new Set(ids).add(id));
      try {
        await perform(client, room.id, id, action);
        onDone();
      } catch (error) {
        show(t('conversation.people.failed', { reason: errorText(t, error) }), { kind: 'error' });
      } finally {
        setPending((ids) => new Set([...ids].filter((other) => other !== id)));
      }
    },
    [client, room, onDone, show, t],
  );
  return { pending, run };
}
