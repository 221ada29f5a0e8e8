import { LIMITS, type Message, type MyRoom, type Room, type TimelineMessage, type User } from '@atrium/client';
import { useClient, useRoom, useRoomState, useUser } from '@atrium/client/react';
import { lazy, Suspense, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearch } from 'wouter';
import { roomName } from '../rooms/room-name.js';
import { Composer } from './composer/composer.js';
import { type Draft, readDraft } from './composer/drafts.js';
import { useOpeningFocus } from './composer/use-opening-focus.js';
import styles from './conversation.module.css';
import { Header } from './header.js';
import { DeleteDialog } from './message/delete-dialog.js';
import { MessageMenu, type OpenMenu } from './message/message-menu.js';
import { Originals } from './message/originals.js';
import { ReadersDialog } from './message/readers-dialog.js';
import { type Scope, ScopeContext } from './scope.js';
import { Timeline } from './timeline/timeline.js';
import { type Jump, useJump } from './timeline/use-jump.js';

const MembersDialog = lazy(async () => ({ default: (await import('./members/members-dialog.js')).MembersDialog }));

/** A room that one is a member of: what was said, and where one says something. */
export function Conversation({ roomId }: { roomId: string }) {
  const room = useClient().room(roomId);
  const state = useRoomState(room);
  const user = useUser();
  if (!state || !user) return null;
  return <OpenRoom key={roomId} room={room} state={state} user={user} />;
}

/** What is open over the timeline. */
type Overlay =
  | { readonly kind: 'members'; readonly view: 'members' | 'add' }
  | { readonly kind: 'menu'; readonly menu: OpenMenu }
  | { readonly kind: 'delete' | 'readers'; readonly message: TimelineMessage };

function OpenRoom({ room, state, user }: { room: Room; state: MyRoom; user: User }) {
  const { t } = useTranslation();
  const client = useClient();
  const area = useRef<HTMLTextAreaElement>(null);
  const [overlay, setOverlay] = useState<Overlay | null>(null);
  const [editingKey, setEditingKey] = useState<string | null>(null);
  const [replyTo, setReplyTo] = useState<Draft['replyTo']>(() => readDraft(user.id, room.id).replyTo);
  const jump = useJump(room);
  const { jumpTo } = jump;
  const wantedSeq = useWantedPlace(room, jump);
  // Who was sent to a message comes to read it.
  useOpeningFocus(area, wantedSeq === null);
  useRoom(room.id);

  const scope = useMemo<Scope>(
    () => ({
      room,
      ownId: user.id,
      originals: new Originals(room.timeline.view, (id): Promise<Message> => client.api.message(id)),
      jumpTo,
      reply: ({ id, seq, senderId, content, type }) => {
        setReplyTo({ id, seq, senderId, content, type });
        area.current?.focus();
      },
      edit: setEditingKey,
      confirmDelete: (message) => setOverlay({ kind: 'delete', message }),
      showReaders: (message) => setOverlay({ kind: 'readers', message }),
      openMenu: (message, point) => setOverlay({ kind: 'menu', menu: { message, point } }),
      showMembers: (view) => setOverlay({ kind: 'members', view }),
      focusComposer: () => area.current?.focus(),
    }),
    [client, room, user.id, jumpTo],
  );
  const close = (): void => setOverlay(null);
  const name = roomName(t, state);

  return (
    <ScopeContext value={scope}>
      <section className={styles.conversation} aria-label={name}>
        <Header room={room} state={state} name={name} onOpenMembers={() => scope.showMembers('members')} />
        <Timeline roomName={name} kind={state.kind} showsReceipts={state.memberCount <= LIMITS.announcedReaders} editingKey={editingKey} jump={jump} />
        <Composer state={state} roomName={name} area={area} replyTo={replyTo} onCancelReply={() => setReplyTo(null)} onEditLast={() => setEditingKey(lastOwnKey(room, user.id))} />
      </section>
      {overlay?.kind === 'menu' && <MessageMenu menu={overlay.menu} onClose={() => setOverlay((open) => (open === overlay ? null : open))} />}
      {overlay?.kind === 'delete' && <DeleteDialog message={overlay.message} onClose={close} />}
      {overlay?.kind === 'readers' && <ReadersDialog message={overlay.message} onClose={close} />}
      <Suspense fallback={null}>{overlay?.kind === 'members' && <MembersDialog room={room} state={state} initialView={overlay.view} onClose={close} />}</Suspense>
    </ScopeContext>
  );
}

/**
 * Where one begins to read: at the message that the address names (`?m=<seq>`), else at the first unread one, else at the newest.
 * Returns the seq that the address names.
 */
function useWantedPlace(room: Room, { jumpTo, jumpNear }: Jump): number | null {
  const wanted = Number(new URLSearchParams(useSearch()).get('m'));
  const seq = Number.isSafeInteger(wanted) && wanted > 0 ? wanted : null;
  // Before anything else asks for the newest messages.
  useLayoutEffect(() => {
    const { items, hasAfter } = room.timeline.view.get();
    const unreadSeq = firstUnread(room);
    if (seq !== null) jumpTo(seq);
    else if (unreadSeq === null) {
      if (hasAfter) void room.timeline.jumpToNewest();
    }
    // The timeline opens at the divider by itself, if that is loaded.
    else if (items.length === 0) void room.timeline.jumpTo(unreadSeq);
    else if (unreadSeq < items[0]!.seq || unreadSeq > items.at(-1)!.seq) jumpNear(unreadSeq);
  }, [room, seq, jumpTo, jumpNear]);
  return seq;
}

/** From where on messages are unread; null when none are. */
function firstUnread(room: Room): number | null {
  const state = room.state.get();
  return state && state.unread > 0 ? state.lastReadSeq + 1 : null;
}

/** The last message that its writer may change. */
function lastOwnKey(room: Room, ownId: string): string | null {
  const isOwn = ({ senderId, type, status, deletedAt, seq }: TimelineMessage): boolean =>
    senderId === ownId && type === 'text' && status !== 'failed' && deletedAt === null && seq !== Number.MAX_SAFE_INTEGER;
  return room.timeline.view.get().items.findLast(isOwn)?.key ?? null;
}
