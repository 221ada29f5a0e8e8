import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nextOf, paths, withNext } from './paths.js';

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
