import { AppError } from '../../platform/errors/app-error.js';
import { toSocketError } from '../../platform/errors/to-app-error.js';
import type { AppSocket } from '../../platform/realtime/app-socket.js';
import { Gateway, Handles } from '../../platform/realtime/gateway.decorator.js';
import type { Resume, ResumedChannel } from '../../protocol/entries.js';
import { CLIENT_EVENTS } from '../../protocol/events.js';
import { Subscriptions } from './subscriptions.js';

@Gateway()
export class ResumeGateway {
  constructor(private readonly subscriptions: Subscriptions) {}

  @Handles(CLIENT_EVENTS.resume)
  async resume(socket: AppSocket, { positions }: Resume): Promise<ResumedChannel[]> {
    const answers = await this.subscriptions.open(socket, positions);
    return positions.map(({ channelId }) => {
      const answer = answers.get(channelId);
      // Of what kind it would be is nothing that a stranger may know.
      if (!answer) return { channelId, error: toSocketError(new AppError('NOT_FOUND')) };
      return 'reset' in answer ? { channelId, reset: true, lastSeq: answer.lastSeq } : { channelId, complete: true, entries: answer.entries };
    });
  }
}
