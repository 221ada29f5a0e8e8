import { expect, it } from 'vitest';
import { stripBasePath } from './front-door.js';

it.each([
  ['/team/chat', '/'],
  ['/team/chat/', '/'],
  ['/team/chat?x=1', '/?x=1'],
  ['/team/chat/api/v1/rooms?x=/team/chat', '/api/v1/rooms?x=/team/chat'],
  ['/team/chat/team/chat/x', '/team/chat/x'],
  ['/team/chatter', '/team/chatter'],
  ['/api/v1/rooms', '/api/v1/rooms'],
  ['/', '/'],
])('%s is %s below /team/chat', (url, expected) => {
  const request = { url };
  stripBasePath(request, '/team/chat');
  expect(request.url).toBe(expected);
});
