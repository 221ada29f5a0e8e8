import type { PageUser } from '@atrium/client';

export function userName(users: readonly PageUser[], userId: string): string {
  const user = users.find((each) => each.userId === userId);
  return user?.displayName || user?.username || '';
}
