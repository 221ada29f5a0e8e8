import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isPathOfApp, nextOf, paths, withNext } from './paths.js';

beforeEach(() => vi.stubGlobal('location', new URL('https://chat.example.org/sign-in')));
afterEach(() => vi.unstubAllGlobals());

describe('the wanted page', () => {
  it('survives the sign-in', () => {
    const wanted = paths.room('a b');
    expect(nextOf(withNext(paths.signIn, wanted).split('?')[1]!)).toBe(wanted);
    expect(withNext(paths.signIn, paths.home)).toBe('/sign-in');
  });

  it.each(['', 'next=', 'next=https%3A%2F%2Fevil.example', 'next=%2F%2Fevil.example%2Frooms', 'next=%2F%5Cevil.example', 'next=javascript%3Aalert(1)'])('is home for %j', (search) => {
    expect(nextOf(search)).toBe('/');
  });
});

describe('the addresses of the app', () => {
  const isOurs = (path: string, home = 'https://chat.example.org/') => isPathOfApp(new URL(path, home), new URL(home));

  it('are known wherever the app is served', () => {
    const all = [paths.home, paths.room('a b'), paths.pages, paths.page('x'), paths.invite, paths.signIn, paths.signUp];
    expect(all.filter((path) => !isOurs(path))).toEqual([]);
    expect(all.filter((path) => !isPathOfApp(new URL(`https://example.org/team/chat${path}`), new URL('https://example.org/team/chat/')))).toEqual([]);
  });

  it.each(['/api/v1/rooms', '/docs', '/socket.io/', '/openapi.json', '/roomsy', 'https://evil.example/rooms/x'])('are not those of the server: %s', (path) => {
    expect(isOurs(path)).toBe(false);
  });
});
