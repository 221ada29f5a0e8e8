import { expect, it } from 'vitest';
import { imageOf, linkOf } from './values.js';

it.each(['https://bank.example@evil.example/', 'https://ada:secret@pics.example/a.png', 'http://:x@evil.example'])('an address with a user or password is none: %s', (address) => {
  expect([linkOf(address), imageOf(address)]).toEqual([undefined, undefined]);
});

it('any other of the web is one', () => {
  expect([linkOf('https://a.example/@ada'), imageOf('https://a.example/@ada')]).toEqual(['https://a.example/@ada', 'https://a.example/@ada']);
  expect([linkOf('mailto:ada@example.org'), linkOf('javascript:alert(1)')]).toEqual(['mailto:ada@example.org', undefined]);
});
