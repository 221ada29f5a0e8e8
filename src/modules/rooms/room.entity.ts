import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('rooms')
export class RoomEntity {
  @PrimaryColumn('uuid', { name: 'channel_id' })
  id: string;
  @Column('text')
  kind: 'direct' | 'group' | 'world';
  @Column('text', { nullable: true })
  name: string | null;
  /** The name as a search compares it. */
  @Column('text', { name: 'name_key', nullable: true })
  nameKey: string | null;
  @Column('boolean', { name: 'is_private' })
  isPrivate: boolean;
  @Column('text', { name: 'password_hash', nullable: true })
  passwordHash: string | null;
  @Column('uuid', { name: 'owner_id', nullable: true })
  ownerId: string | null;
  /** Why it counts as one of its owner's; null when it is deleted, direct or the world. */
  @Column('text', { name: 'counts_as', nullable: true })
  countsAs: 'made' | 'received' | null;
  @Column('int', { name: 'max_members', nullable: true })
  maxMembers: number | null;
  @Column('int', { name: 'member_count' })
  memberCount: number;
  /** The two users of a direct room, in order. */
  @Column('text', { name: 'direct_key', nullable: true })
  directKey: string | null;
}
