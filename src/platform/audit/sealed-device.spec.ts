import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openDevice, sealDevice } from './sealed-device.js';

describe('a sealed device', () => {
  const device = { address: '2001:db8::1', userAgent: 'Mozilla/5.0 ü' };
  const key = randomBytes(32);
  const sealed = sealDevice(device, key, 'event-1');

  it('opens with its key', () => {
    expect(openDevice(sealed, key, 'event-1')).toEqual(device);
    expect(openDevice(sealDevice({ address: '', userAgent: null }, key, 'e'), key, 'e')).toEqual({ address: '', userAgent: null });
  });

  it('looks different each time, and shows nothing of what is in it', () => {
    expect(sealDevice(device, key, 'event-1').equals(sealed)).toBe(false);
    expect(sealed.includes('2001')).toBe(false);
  });

  it.each([
    ['another key', sealed, randomBytes(32), 'event-1'],
    ['another event', sealed, key, 'event-2'],
    ['a flipped bit', Buffer.from(sealed.map((byte, index) => (index === sealed.length - 1 ? byte ^ 1 : byte))), key, 'event-1'],
    ['an end that is missing', sealed.subarray(0, 10), key, 'event-1'],
  ])('does not open with %s', (_what, bytes, otherKey, event) => {
    expect(openDevice(bytes, otherKey, event)).toBeNull();
  });
});
