import { AtriumClient, type AtriumOptions, memoryTokens, type Room, type Status, type TimelineView, type TokenStorage, when } from '../../client/src/index.js';
import { Api, PASSWORD } from '../support/client.js';
import { within } from '../support/eventually.js';

/** Somebody with the SDK in hand. */
export interface Person {
  readonly sdk: AtriumClient;
  readonly id: string;
  /** Where this device keeps its sign-in. */
  readonly tokens: TokenStorage;
  /** Every status so far, from the first on. */
  readonly statuses: Status[];
}

/** The people of one spec, with unlike names; all their clients are closed together. */
export class People {
  private readonly clients: AtriumClient[] = [];
  private count = 0;

  constructor(private readonly url: () => string) {}

  /** Registered, and connected over `url`. */
  async person(name: string, url = this.url()): Promise<Person> {
    const username = `${name}-${++this.count}`;
    const person = this.device(url);
    const { id } = await person.sdk.auth.register({ email: `${username}@example.org`, username, password: PASSWORD });
    await within(`${username} is live`, person.sdk.connect());
    return { ...person, id };
  }

  /** Another device of the same person, with a session of its own. */
  async second({ sdk }: Person, url = this.url()): Promise<Person> {
    const person = this.device(url);
    const { id } = await person.sdk.auth.login({ login: sdk.auth.user.get()!.username, password: PASSWORD });
    await within('the second device is live', person.sdk.connect());
    return { ...person, id };
  }

  /** Nobody yet. */
  device(url = this.url(), { tokens = memoryTokens(), ...options }: AtriumOptions = {}): Omit<Person, 'id'> {
    const sdk = new AtriumClient(url, { tokens, ...options });
    this.clients.push(sdk);
    const statuses = [sdk.status.get()];
    sdk.onStatus((status) => statuses.push(status));
    return { sdk, tokens, statuses };
  }

  async goHome(): Promise<void> {
    await Promise.all(this.clients.splice(0).map((sdk) => within('a client closes', sdk.close())));
  }
}

/** REST without the SDK. */
export const apiOf = (url: string, { tokens }: Pick<Person, 'tokens'>): Api => new Api(url, tokens.load()!.accessToken);

/** A room of the first of them, with the others in it, open for all. */
export async function roomOf(...people: Person[]): Promise<Room[]> {
  const [owner, ...others] = people;
  const { id } = await owner!.sdk.rooms.create({ name: 'Room' });
  for (const { sdk } of others) await sdk.rooms.join(id);
  const rooms = people.map(({ sdk }) => sdk.room(id));
  await Promise.all(rooms.map((room) => room.open()));
  return rooms;
}

export const textsOf = (room: Room): (string | null)[] => room.timeline.view.get().items.map(({ content }) => content);

/** Waits for a status. */
export const reaches = ({ sdk }: Pick<Person, 'sdk'>, wanted: Status, timeoutMs?: number): Promise<Status> =>
  within(`the status is ${wanted}`, when(sdk.status, (status) => status === wanted), timeoutMs);

/** Waits until the timeline is as wanted. */
export const shows = (room: Room, label: string, isWanted: (view: TimelineView) => boolean, timeoutMs?: number): Promise<TimelineView> =>
  within(`the timeline shows ${label}`, when(room.timeline.view, isWanted), timeoutMs);

/** Waits until the last message says this, and is stored. */
export const showsLast = (room: Room, content: string, timeoutMs?: number): Promise<TimelineView> =>
  shows(room, content, ({ items }) => items.at(-1)?.content === content && items.at(-1)?.status === 'sent', timeoutMs);

