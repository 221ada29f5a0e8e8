import type { EntryView, Position, ResumedChannel } from '../../../src/protocol/entries.js';
import type { MyRoom } from '../../../src/protocol/rooms.js';
import { AtriumError } from '../errors.js';
import { ADA, history, message, ROOM } from '../wire.fixture.js';

/** A server whose answers a test may hold back or change. */
export class RoomsServer {
  /** Ada's rooms. */
  readonly rooms = new Map<string, MyRoom>();
  /** What `resume` tells beyond the position, by channel. */
  readonly missed = new Map<string, EntryView[]>();
  readonly asked: string[] = [];
  readonly joined: string[] = [];
  private readonly gates = new Map<string, Promise<void>>();
  private readonly failures = new Map<string, AtriumError>();

  /** The next answers to this question come when it is called. */
  hold(question: string): () => void {
    let open: () => void = () => undefined;
    this.gates.set(question, new Promise((resolve) => (open = resolve)));
    return () => {
      this.gates.delete(question);
      open();
    };
  }

  failOnce(question: string, error = AtriumError.network()): void {
    this.failures.set(question, error);
  }

  /** Answers with what was true at the time of the question. */
  async answer<T>(question: string, of: () => T): Promise<T> {
    this.asked.push(question);
    const value = structuredClone(of());
    await this.gates.get(question);
    const failure = this.failures.get(question);
    this.failures.delete(question);
    if (failure) throw failure;
    return value;
  }

  readonly api = {
    listMine: () => this.answer('list', () => [...this.rooms.values()]),
    room: (id: string) => this.answer(`room ${id}`, () => this.rooms.get(id) ?? null),
    join: (id: string) => this.answer('join', () => this.rooms.get(id)!),
    create: () => this.answer('create', () => this.rooms.get(ROOM)!),
    leave: () => this.answer('leave', () => undefined),
    history: () => this.answer('history', () => history([message(1)])),
  };

  readonly request = (async (name: string, body: { positions: Position[]; roomId: string }, take?: (answer: unknown) => void) => {
    const answer = await this.answer(name, () => (name === 'resume' ? body.positions.map((position) => this.resumed(position)) : { online: [ADA] }));
    if (name === 'room-join') this.joined.push(body.roomId);
    take?.(answer);
    return answer;
  }) as never;

  private resumed({ channelId, seq }: Position): ResumedChannel {
    if (!this.rooms.has(channelId)) return { channelId, error: { code: 'ROOM_NOT_FOUND', message: 'gone' } };
    return { channelId, complete: true, entries: (this.missed.get(channelId) ?? []).filter((each) => each.seq > seq) };
  }
}
