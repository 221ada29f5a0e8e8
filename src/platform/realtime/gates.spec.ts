import { describe, expect, it } from 'vitest';
import { CLIENT_EVENTS, type ClientEvent } from '../../protocol/events.js';
import { Gates } from './gates.js';

const { pageJoin, pageLeave, resume, cursorMove, opPatch, sendMessage, editMessage, roomJoin } = CLIENT_EVENTS;
const about = (channel: string) => ({ pageId: channel });

/** Gates, and what has come through them, in order. */
function setUp() {
  const gates = new Gates();
  const passed: string[] = [];
  /** Sends the event, as the dispatcher does. @returns what lets a gate open */
  const send = (label: string, event: ClientEvent, body: object) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const before = gates.before(event, body);
    const pass = () => void passed.push(label);
    const result = before ? before.then(pass).then(() => promise) : (pass(), promise);
    if (event.gate) gates.close(event, body, result);
    return { finish: resolve, fail: () => reject(new Error('refused')) };
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { gates, passed, send, settle };
}

describe('gates', () => {
  it('let everything through that meets none', () => {
    const { passed, send } = setUp();
    send('patch', opPatch, about('a'));
    send('join', pageJoin, about('a'));
    send('elsewhere', opPatch, about('b'));
    send('of no channel', editMessage, { messageId: 'x' });
    expect(passed).toEqual(['patch', 'join', 'elsewhere', 'of no channel']);
  });

  it('keep what is about the same channel in order, whether they succeed or fail', async () => {
    const { gates, passed, send, settle } = setUp();
    const join = send('join', pageJoin, about('a'));
    for (const label of ['patch 1', 'patch 2']) send(label, opPatch, about('a'));
    send('cursor', cursorMove, about('a'));
    const leave = send('leave', pageLeave, about('a'));
    send('join again', pageJoin, about('a')).finish();
    await settle();
    expect(passed).toEqual(['join']);
    join.fail();
    await settle();
    expect(passed).toEqual(['join', 'patch 1', 'patch 2', 'cursor', 'leave']);
    leave.finish();
    await settle();
    expect(passed.at(-1)).toBe('join again');
    expect(gates.areOpen).toBe(true);
  });

  it('of all channels hold back what changes or needs what is followed, and nothing else', async () => {
    const { gates, passed, send, settle } = setUp();
    const join = send('join a', pageJoin, about('a'));
    const all = send('resume', resume, { positions: [] });
    const room = send('join room', roomJoin, { roomId: 'r' });
    send('leave b', pageLeave, about('b')).finish();
    send('cursor b', cursorMove, about('b'));
    send('message', sendMessage, { roomId: 's' });
    send('patch', opPatch, about('b'));
    await settle();
    expect(passed).toEqual(['join a', 'message']);
    join.finish();
    await settle();
    expect(passed).toEqual(['join a', 'message', 'resume']);
    all.finish();
    await settle();
    expect(passed).toEqual(['join a', 'message', 'resume', 'join room', 'leave b', 'cursor b', 'patch']);
    room.finish();
    await settle();
    expect(gates.areOpen).toBe(true);
  });
});
