import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { AuditAction } from '../../protocol/audit.js';
import { Database } from '../database/database.js';
import { metrics, readCounter } from '../metrics/metrics.js';
import { AuditRepository, type StoredEvent } from './audit.repository.js';

const INTERVAL_MS = 60_000;
/** Reasons are constants of the code; whatever becomes of that, so many are recorded at a time, and the others the next time. */
const MAX_REASONS = 64;

/** Access tokens end every quarter of an hour: that is no refusal worth keeping. */
const ORDINARY = new Set(['token-expired']);
/** The limits of callers who are not signed in, by their names. */
const OF_STRANGERS = /^(anonymous|login|register)/;

/**
 * Records what strangers were refused as counts, one event a minute for each reason: they are many, nobody knows who they are, and a
 * flood of them must not become a flood of rows. The counts are those of the metrics; what could not be stored is counted the next time.
 */
@Injectable()
export class Refusals implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Refusals.name);
  /** By action and reason: how many have been recorded. */
  private readonly recorded = new Map<string, number>();
  private recording: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly events: AuditRepository,
    private readonly db: Database,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    for (const { key, total } of await countRefusals()) this.recorded.set(key, total);
    this.timer = setInterval(() => void this.record(), INTERVAL_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.record();
  }

  /** One at a time, so that nothing is counted twice. */
  record(): Promise<void> {
    this.recording = this.recording.then(() => this.recordNew()).catch((error: unknown) => this.logger.warn({ err: error }, 'refusals could not be recorded; will try again'));
    return this.recording;
  }

  private async recordNew(): Promise<void> {
    const all = (await countRefusals()).map((refusal) => ({ ...refusal, count: refusal.total - (this.recorded.get(refusal.key) ?? 0) }));
    const found = all.filter(({ count }) => count > 0).slice(0, MAX_REASONS);
    if (found.length === 0) return;
    await this.events.insert(this.db, found.map(({ action, reason, count }) => toEvent(action, { reason, count })));
    for (const { key, total } of found) this.recorded.set(key, total);
  }
}

interface Refusal {
  readonly key: string;
  readonly action: AuditAction;
  readonly reason: string;
  /** Since the start of the process. */
  readonly total: number;
}

async function countRefusals(): Promise<Refusal[]> {
  const [failures, limits] = await Promise.all([readCounter(metrics.authFailures, 'reason'), readCounter(metrics.rateLimited, 'limit')]);
  const refusal = (action: AuditAction, reason: string, total: number): Refusal => ({ key: `${action} ${reason}`, action, reason, total });
  return [
    ...failures.filter(([reason]) => !ORDINARY.has(reason)).map(([reason, total]) => refusal(actionOf(reason), reason, total)),
    ...limits.filter(([limit]) => OF_STRANGERS.test(limit)).map(([limit, total]) => refusal('rate-limit.refused', limit, total)),
  ];
}

/** By the labels of `auth_failures_total`. */
function actionOf(reason: string): AuditAction {
  if (reason.startsWith('refresh-')) return 'refresh.refused';
  return reason.startsWith('token-') || reason === 'session-ended' ? 'token.refused' : 'login.refused';
}

function toEvent(action: AuditAction, detail: { reason: string; count: number }): StoredEvent {
  return { id: uuidv7(), action, actorKind: 'anonymous', actorId: null, targetKind: null, targetId: null, channelId: null, requestId: null, detail, personId: null, device: null };
}
