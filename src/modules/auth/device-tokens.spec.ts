import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { v7 as uuidv7 } from 'uuid';
import type { Config } from '../../platform/config/config.js';
import { MAX_DEVICE_TOKEN_CHARS } from '../../protocol/auth.js';
import { DeviceTokens } from './device-tokens.js';

const of = (secret: string) => new DeviceTokens({ get: () => secret } as unknown as Config);
const devices = of('k7Q2mZ9xV4bN8rT1wY6uP3sD5fG0hJ-L');
const people = Array.from({ length: 7 }, () => uuidv7());
const [ada, bob] = people as [string, string];
const DAY_MS = 86_400_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the token of a device', () => {
  it('says who has signed in there, and nobody else', () => {
    const device = devices.find(devices.issue(ada, undefined))!;
    expect([device.knows(ada), device.knows(bob), device.knows(''), device.knows('__proto__')]).toEqual([true, false, false, false]);
  });

  it('names the five who signed in last, stays the same device, and has at most 1 KB', () => {
    let token: string | undefined;
    const ids = new Set<string>();
    for (const person of [...people, people[3]!]) {
      token = devices.issue(person, token);
      ids.add(devices.find(token)!.id);
    }
    const device = devices.find(token)!;
    expect(people.map((person) => device.knows(person))).toEqual([false, false, true, true, true, true, true]);
    expect(devices.find(devices.issue(ada, token))!.knows(people[2]!)).toBe(false);
    expect(ids.size).toBe(1);
    expect(token!.length).toBeLessThanOrEqual(MAX_DEVICE_TOKEN_CHARS);
  });

  it('is another one’s on another device', () => {
    const [one, two] = [devices.issue(ada, undefined), devices.issue(ada, undefined)];
    expect(devices.find(one)!.id).not.toBe(devices.find(two)!.id);
  });

  it('is forgotten a year after the last sign-in', () => {
    const token = devices.issue(ada, undefined);
    vi.advanceTimersByTime(364 * DAY_MS);
    expect(devices.find(token)!.knows(ada)).toBe(true);
    const renewed = devices.issue(ada, token);
    vi.advanceTimersByTime(2 * DAY_MS);
    expect([devices.find(token)!.knows(ada), devices.find(renewed)!.knows(ada)]).toEqual([false, true]);
  });

  it('cannot be made, changed or taken from another server', () => {
    const token = devices.issue(ada, undefined);
    const [version, content, mac] = token.split('.') as [string, string, string];
    const forged = Buffer.from(JSON.stringify({ id: 'x', users: [[bob, Math.floor(Date.now() / 1000)]] })).toString('base64url');
    const wrong = [undefined, '', 'x', `${version}.${forged}.${mac}`, `d2.${content}.${mac}`, `${version}.${content}.${'A'.repeat(43)}`, `${version}.${content}.`, `${version}.${content}`, `${token}=`, ` ${token}`, of('another-s3cr3t-of-at-least-32-bytes!').issue(ada, undefined), `${version}.${'A'.repeat(1_000_000)}.${mac}`];
    expect(wrong.map((text) => devices.find(text))).toEqual(wrong.map(() => undefined));
    expect(devices.find(token)).toBeDefined();
    // A client that presents such a token becomes a new device.
    expect(devices.find(devices.issue(ada, wrong[3]))!.knows(bob)).toBe(false);
  });
});
