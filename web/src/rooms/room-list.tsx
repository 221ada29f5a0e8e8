import type { MyRoom } from '@atrium/client';
import { createContext, type FocusEvent, type KeyboardEvent, useContext, useLayoutEffect, useRef, useState } from 'react';
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
  const [focusId, setFocusId] = useState<string>();
  const [shownRoomId, setShownRoomId] = useState(currentRoomId);

  const indexOf = (id: string | undefined): number => rooms.findIndex((room) => room.id === id);
  const stop = [stopId, currentRoomId].map(indexOf).find((index) => index >= 0) ?? 0;

  if (currentRoomId !== shownRoomId) {
    setShownRoomId(currentRoomId);
    setStopId(currentRoomId ?? shownRoomId);
    // Who comes back from a room goes on where it is.
    if (currentRoomId === undefined) setFocusId(shownRoomId);
  }

  useLayoutEffect(() => {
    if (focusId !== undefined) virtualizer.current?.scrollToIndex(stop, { align: 'nearest' });
  }, [focusId, stop]);

  const move = (event: KeyboardEvent): void => {
    const next = stepFrom(event.key, stop, rooms.length);
    if (next === null) return;
    event.preventDefault();
    setStopId(rooms[next]?.id);
    setFocusId(rooms[next]?.id);
  };
  const takeNote = (event: FocusEvent): void => {
    setStopId(roomIdOf(event.target));
    setFocusId(undefined);
  };

  return (
    <div ref={scroller} className={styles.scroller} onKeyDown={move} onFocus={takeNote}>
      <SizeContext value={rooms.length}>
        <Virtualizer ref={virtualizer} as="ul" item={Item} data={rooms} keepMounted={[stop]} scrollRef={scroller}>
          {(room, index) => <RoomRow key={room.id} room={room} isCurrent={room.id === currentRoomId} isTabStop={index === stop} takesFocus={room.id === focusId} />}
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
