import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { EmbeddedPostgres } from '../../src/platform/database/embedded-postgres.js';
import { Crowd } from '../support/client.js';
import { within } from '../support/eventually.js';
import { whileFrozen } from '../support/processes.js';
import { endPrograms, JWT_SECRET, runProgram } from '../support/program.js';
import { Server } from '../support/server.js';

/** An orchestrator that waits longer than this is rare. */
const END_MS = 10_000;
const PAGES = 30;

afterEach(endPrograms);

/** Sockets, dirty pages and connections in every state: what a shutdown has to end. */
async function busy(origin: string): Promise<{ sendMore: () => Promise<unknown> }> {
  const ada = await new Crowd(origin).person('ada');
  const { id: roomId } = await ada.post<{ id: string }>('/rooms', { name: 'Busy' });
  const sockets = [await ada.connect(['websocket']), await ada.connect(['polling'])];
  for (let page = 0; page < PAGES; page++) {
    const { pageId, schema } = await ada.post<{ pageId: string; schema: { rootId: string } }>('/pages', { title: 'Dirty' });
    const body = [{ op: 'add', path: `/components/${schema.rootId}/props/size`, value: page }];
    await ada.call('PATCH', `/pages/${pageId}`, { body, headers: { 'content-type': 'application/json-patch+json' } });
  }
  return { sendMore: () => Promise.allSettled(sockets.map((socket, i) => socket.emit('send-message', { roomId, clientMsgId: `m${i}`, content: 'under way' }))) };
}

describe(`SIGTERM while PostgreSQL stands still ends the process within ${END_MS / 1000} s`, () => {
  it('when the server is somebody else’s', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'atrium-frozen-'));
    const postgres = await EmbeddedPostgres.start({ dataDir, log: () => undefined });
    try {
      const program = runProgram({ NODE_ENV: 'test', DATABASE_URL: postgres.url, JWT_SECRET, RATE_LIMITS: 'off', BUS: 'postgres' });
      const { sendMore } = await busy(await program.ready);
      await whileFrozen(postgres.pid!, async () => {
        const acks = sendMore();
        program.kill('SIGTERM');
        expect(await within('the process ends', program.ended, END_MS), program.output()).toBe(0);
        await acks;
      });
    } finally {
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  });

  it('when the server is our own, which ends too', async () => {
    const server = await Server.start();
    try {
      const { sendMore } = await busy(server.url);
      const { postmasterPid } = server;
      const ended = await whileFrozen(postmasterPid, async () => {
        const acks = sendMore();
        expect(await within('the process ends', server.end('SIGTERM'), END_MS)).toBe(0);
        await acks;
      }).then(
        () => undefined,
        (error: NodeJS.ErrnoException) => error.code,
      );
      expect(ended, 'the thaw finds nobody left').toBe('ESRCH');
    } finally {
      await server.remove();
    }
  });
});
