import { createContext, createElement, type ReactNode, useContext, useEffect, useSyncExternalStore } from 'react';
import type { MyRoom } from '../../src/protocol/rooms.js';
import type { Profile, User } from '../../src/protocol/users.js';
import type { AtriumClient } from './atrium-client.js';
import type { Status } from './connection/connection.js';
import type { MembersView } from './rooms/member-list.js';
import type { Page } from './pages/page.js';
import type { PageListView } from './pages/page-list.js';
import type { Component, ComponentId, PageCursor, PageState, PageUser, PageView, Saved } from './pages/page-types.js';
import type { Room } from './rooms/room.js';
import type { TimelineView } from './rooms/timeline.js';
import type { Readable } from './store.js';

const ClientContext = createContext<AtriumClient | null>(null);

/** Gives the components below it their client. */
export function AtriumProvider({ client, children }: { client: AtriumClient; children?: ReactNode }): ReactNode {
  return createElement(ClientContext, { value: client }, children);
}

export function useClient(): AtriumClient {
  const client = useContext(ClientContext);
  if (!client) throw new Error('useClient needs an <AtriumProvider> above it');
  return client;
}

/** The present value, and a new rendering after each change. */
export function useReadable<T>(readable: Readable<T>): T {
  return useSyncExternalStore(readable.subscribe.bind(readable), readable.get.bind(readable), readable.get.bind(readable));
}

export const useStatus = (): Status => useReadable(useClient().status);

/** Null while nobody is signed in. */
export const useUser = (): User | null => useReadable(useClient().auth.user);

/** The most recently active first; null until they are loaded. */
export const useRooms = (): readonly MyRoom[] | null => useReadable(useClient().rooms.mine);

/** A room, open for as long as the component is there. */
export function useRoom(roomId: string): Room {
  const room = useClient().room(roomId);
  useEffect(() => {
    void room.open();
    return () => room.close();
  }, [room]);
  return room;
}

export const useRoomState = (room: Room): MyRoom | null => useReadable(room.state);
export const useTimeline = (room: Room): TimelineView => useReadable(room.timeline.view);
export const useTyping = (room: Room): readonly string[] => useReadable(room.typingUsers);
export const useOnline = (room: Room): ReadonlySet<string> => useReadable(room.online);

/** The members that are loaded; null until the first page is there. */
export function useMembers(room: Room): MembersView | null {
  const view = useReadable(room.members.view);
  useEffect(() => {
    if (!room.members.view.get()) void room.members.loadMore().catch(() => undefined);
  }, [room]);
  return view;
}

/** Who somebody is; null until it is known. */
export const useProfile = (userId: string): Profile | null => useReadable(useClient().users.profile(userId));

/** Ids of those whom one has blocked; null until they are known. */
export const useBlocked = (): ReadonlySet<string> | null => useReadable(useClient().users.blocked);

/** The most recently changed first, as far as they are loaded; null until they are. */
export function useMyPages(): PageListView | null {
  const { myPages } = useClient();
  useEffect(() => void myPages.refresh(), [myPages]);
  return useReadable(myPages.view);
}

/** A page, open for as long as the component is there. */
export function usePage(pageId: string): Page {
  const page = useClient().page(pageId);
  useEffect(() => {
    void page.open();
    return () => page.close();
  }, [page]);
  return page;
}

export const usePageState = (page: Page): PageState | null => useReadable(page.state);
/** Renders anew at every change of the page; for one component, there is `useComponent`. */
export const usePageView = (page: Page): PageView | null => useReadable(page.view);
/** Renders anew only when this component has changed; undefined while it is not there. */
export const useComponent = (page: Page, id: ComponentId): Component | undefined => useReadable(page.component(id));
export const usePageUsers = (page: Page): readonly PageUser[] => useReadable(page.users);
export const useCursors = (page: Page): readonly PageCursor[] => useReadable(page.cursors);
export const useSaved = (page: Page): Saved => useReadable(page.saved);
