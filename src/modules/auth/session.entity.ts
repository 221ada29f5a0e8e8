import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import type { RevocationReason } from '../../protocol/connection.js';
import type { Session } from '../../protocol/auth.js';

/** A row of `sessions`: one signed-in device, and the family of its refresh tokens. */
@Entity('sessions')
export class SessionEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** SHA-256 of the refresh token's secret. */
  @Column('bytea', { name: 'token_hash' })
  tokenHash: Buffer;

  /** That of the one before, which is answered until what it gave has been used. */
  @Column('bytea', { name: 'previous_hash', nullable: true })
  previousHash: Buffer | null;

  /** How often it has been refreshed. */
  @Column('int')
  generation: number;

  /** The newest generation whose access token has been used. */
  @Column('int', { name: 'used_generation' })
  usedGeneration: number;

  @Column('timestamptz', { name: 'rotated_at' })
  rotatedAt: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  @Column('timestamptz', { name: 'absolute_expires_at' })
  absoluteExpiresAt: Date;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt: Date | null;

  @Column('text', { name: 'revoked_reason', nullable: true })
  revokedReason: RevocationReason | null;

  @Column('text', { nullable: true })
  ip: string | null;

  @Column('text', { name: 'user_agent', nullable: true })
  userAgent: string | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}

export function toSession(entity: SessionEntity, currentSessionId: string): Session {
  const { id, ip, userAgent, createdAt, rotatedAt, expiresAt } = entity;
  return {
    id,
    current: id === currentSessionId,
    ip,
    userAgent,
    createdAt: createdAt.toISOString(),
    lastUsedAt: rotatedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}
