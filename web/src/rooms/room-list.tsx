import type { MyRoom } from '@atrium/client';
import { createContext, type KeyboardEvent, useContext, useLayoutEffect, useRef, useState } from 'react';
import { type CustomItemComponentProps, Virtualizer, type VirtualizerHandle } from 'virtua';
import styles from './room-list.module.css';
import { RoomRow } from './room-row.js';
import { stepFrom } from './step.js';

/** How many there are, which the rows that are rendered cannot know. */
const SizeContext = createContext(0);

interface RoomListProps {
  rooms: readonly MyRoom[];
  currentRoomId: string | undefined;
}

/** One's rooms, however many. The tab key enters the list once; ↑, ↓, Home and End move in it; Enter opens. */
export function RoomList({ rooms, currentRoomId }: RoomListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useRef<VirtualizerHandle>(null);
  const [stopId, setStopId] = useState<string>();
  const wantsFocus = useRef(false);

  const indexOf = (id: string | undefined): number => rooms.findIndex((room) => room.id === id);
  const stop = [stopId, currentRoomId].map(indexOf).find((index) => index >= 0) ?? 0;

  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    virtualizer.current?.scrollToIndex(stop, { align: 'nearest' });
    scroller.current?.querySelector<HTMLElement>(`[data-room="${rooms[stop]?.id}"]`)?.focus({ preventScroll: true });
  }, [rooms, stop, stopId]);

  const move = (event: KeyboardEvent): void => {
    const next = stepFrom(event.key, stop, rooms.length);
    if (next === null) return;
    event.preventDefault();
    wantsFocus.current = true;
    setStopId(rooms[next]?.id);
  };

  return (
    <div ref={scroller} className={styles.scroller} onKeyDown={move} onFocus={(event) => setStopId(roomIdOf(event.target))}>
      <SizeContext value={rooms.length}>
        <Virtualizer ref={virtualizer} as="ul" item={Item} data={rooms} keepMounted={[stop]} scrollRef={scroller}>
          {(room, index) => <RoomRow key={room.id} room={room} isCurrent={room.id === currentRoomId} isTabStop={index === stop} />}
        </Virtualizer>
      </SizeContext>
    </div>
  );
}

function Item({ children, style, index, ref }: CustomItemComponentProps) {
  const size = useContext(SizeContext);
  return (
    <li ref={ref} style={style} aria-posinset={index + 1} aria-setsize={size}>
      {children}
    </li>
  );
}

function roomIdOf(element: Element): string | undefined {
  return element.closest<HTMLElement>('[data-room]')?.dataset['room'];
}
