import { Column, CreateDateColumn, DeleteDateColumn, Entity, PrimaryColumn } from 'typeorm';
import type { Profile, User, WhoMayAdd } from '../../protocol/users.js';

/** A row of `users`. It does not leave this module: others get a `User`, a `Profile` or `Credentials`. */
@Entity('users')
export class UserEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  email: string;

  /** See `identityKey`; unique. */
  @Column('text', { name: 'email_key' })
  emailKey: string;

  @Column('text')
  username: string;

  /** See `identityKey`; unique, and the order of lists. */
  @Column('text', { name: 'username_key' })
  usernameKey: string;

  /** See `skeletonOf`; unique. The user's id where an older name has the skeleton, null before the server has looked. */
  @Column('text', { name: 'username_skeleton', nullable: true })
  usernameSkeleton: string | null;

  @Column('text', { name: 'display_name' })
  displayName: string;

  /** What a search compares with. */
  @Column('text', { name: 'display_name_key' })
  displayNameKey: string;

  @Column('text', { name: 'avatar_url', nullable: true })
  avatarUrl: string | null;

  /** Argon2id in PHC format; null when the user signs in elsewhere only. */
  @Column('text', { name: 'password_hash', nullable: true })
  passwordHash: string | null;

  @Column('text', { default: 'active' })
  status: User['status'];

  @Column('boolean', { name: 'is_admin', default: false })
  isAdmin: boolean;

  @Column('text', { name: 'who_may_add', default: 'anyone' })
  whoMayAdd: WhoMayAdd;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @DeleteDateColumn({ name: 'deleted_at', type: 'timestamptz' })
  deletedAt: Date | null;
}

export function toProfile({ id, username, displayName, avatarUrl }: Profile): Profile {
  return { id, username, displayName, avatarUrl };
}

export function toUser(entity: UserEntity): User {
  const { email, status, isAdmin, whoMayAdd, createdAt } = entity;
  return { ...toProfile(entity), email, status, isAdmin, whoMayAdd, createdAt: createdAt.toISOString() };
}
