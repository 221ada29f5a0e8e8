import { describe, expect, it } from 'vitest';
import { hueOf, initialsOf } from './avatar-initials.js';

describe('initials', () => {
  it.each([
    ['Maya Okafor', 'MO'],
    ['ada', 'A'],
    ['Jean-Luc van der Berg', 'JB'],
    ['林伟', '林'],
    ['Lunch 午饭 🍜', 'L'],
    ['👩‍👩‍👧 family', '👩‍👩‍👧'],
    ['  ', '?'],
    ['', '?'],
  ])('of %j are %j', (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });
});

describe('the colour', () => {
  it('follows from the id alone', () => {
    expect(hueOf('019a3c1e-7b1c-7d4e-9f00-2b8c5f1e6a77')).toBe(hueOf('019a3c1e-7b1c-7d4e-9f00-2b8c5f1e6a77'));
  });

  it('takes all hues', () => {
    const hues = new Set(Array.from({ length: 200 }, (_, index) => hueOf(`019a3c1e-${index}`)));
    expect([...hues].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
});
