import { expect, it } from 'vitest';
import { foreignHostOf } from './foreign-host.js';

it.each([
  ['https://pics.example/a.png', 'pics.example'],
  ['http://pics.example:8080/a.png', 'pics.example:8080'],
  ['//pics.example/a.png', 'pics.example'],
  ['HTTPS://PICS.example', 'pics.example'],
  ['https://chat.example.org.evil.example/', 'chat.example.org.evil.example'],
  ['https://chat.example.org@evil.example/', 'evil.example'],
  ['http://chat.example.org/a.png', 'chat.example.org'],
  ['https://chat.example.org/a.png', null],
  ['https://chat.example.org:443/a.png', null],
  ['/a.png', null],
  ['data:image/png;base64,AAAA', null],
  ['blob:https://chat.example.org/1', null],
  ['https://', null],
])('an image at %j is of %j', (address, host) => {
  expect(foreignHostOf(address, 'https://chat.example.org')).toBe(host);
});
