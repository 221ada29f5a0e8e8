import type { Profile } from '../../../src/protocol/users.js';
import { type Readable, Value } from '../store.js';
import type { Users } from '../users/users.js';
import type { PageUser } from './page-types.js';

/** Who is on a page now. */
export class PageUsers {
  private readonly shown = new Value<readonly PageUser[]>([]);
  /** Also those of whom nothing else is known yet. */
  private readonly ids = new Set<string>();

  constructor(private readonly users: Pick<Users, 'profile' | 'learn'>) {}

  get present(): Readable<readonly PageUser[]> {
    return this.shown;
  }

  /** These, and nobody else. */
  set(users: readonly PageUser[]): void {
    this.users.learn(users.map(({ userId, ...profile }) => ({ id: userId, ...profile })));
    this.ids.clear();
    for (const { userId } of users) this.ids.add(userId);
    this.shown.set(users);
  }

  join(userId: string): void {
    this.ids.add(userId);
    const profile = this.users.profile(userId);
    const known = profile.get();
    if (known) return this.show(known);
    const stop = profile.subscribe(() => {
      stop();
      this.show(profile.get()!);
    });
  }

  leave(userId: string): void {
    this.ids.delete(userId);
    if (this.shown.get().some((user) => user.userId === userId)) this.shown.update((users) => users.filter((user) => user.userId !== userId));
  }

  private show({ id: userId, username, displayName, avatarUrl }: Profile): void {
    if (!this.ids.has(userId) || this.shown.get().some((user) => user.userId === userId)) return;
    this.shown.update((users) => [...users, { userId, username, displayName, avatarUrl }]);
  }
}
