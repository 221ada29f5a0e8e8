import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RoomRole } from '../../protocol/rooms.js';

/** A row with `leftAt` is no member any more: it remembers a ban, and the read position for a return. */
@Entity('room_members')
export class RoomMemberEntity {
  @PrimaryColumn('uuid', { name: 'room_id' })
  roomId: string;
  @PrimaryColumn('uuid', { name: 'user_id' })
  userId: string;
  @Column('text')
  role: RoomRole;
  @Column('bigint', { name: 'last_read_seq' })
  lastReadSeq: number;
  @Column('bigint', { name: 'last_read_ordinal' })
  lastReadOrdinal: number;
  @Column('timestamptz', { name: 'joined_at' })
  joinedAt: Date;
  @Column('timestamptz', { name: 'left_at', nullable: true })
  leftAt: Date | null;
  @Column('timestamptz', { name: 'muted_until', nullable: true })
  mutedUntil: Date | null;
  @Column('timestamptz', { name: 'banned_until', nullable: true })
  bannedUntil: Date | null;
}
