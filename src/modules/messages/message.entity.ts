import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Written by the journal's own statement (see `MessagesRepository`); read by history. */
@Entity('messages')
export class MessageEntity {
  @PrimaryColumn('uuid')
  id: string;
  @Column('uuid', { name: 'room_id' })
  roomId: string;
  @Column('bigint')
  seq: number;
  /** Counts what can be unread in the room. */
  @Column('bigint')
  ordinal: number;
  @Column('uuid', { name: 'sender_id' })
  senderId: string;
  @Column('text')
  type: 'text' | 'image' | 'file' | 'system';
  @Column('text', { nullable: true })
  content: string | null;
  @Column('uuid', { name: 'reply_to', nullable: true })
  replyTo: string | null;
  @Column('text', { name: 'client_msg_id', nullable: true })
  clientMsgId: string | null;
  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
  @Column('timestamptz', { name: 'edited_at', nullable: true })
  editedAt: Date | null;
  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt: Date | null;
}
