/** g. Catching up: `resume` that answers 300 missed entries. */

import { inParallel } from '../lib/measure/stats.mjs';
import { SocketClient } from '../lib/wire/socket-client.mjs';
import { measureRequests, requestColumns } from './requests.mjs';

const ENTRIES = 300;
const STORED_MESSAGES = 1000;

export const resume = {
  key: 'g',
  title: `\`resume\` of ${ENTRIES} entries`,
  servers: ['product'],
  columns: requestColumns('resume'),
  cases: ({ isQuick }) => [{ world: { rooms: 1, members: 1, messages: STORED_MESSAGES }, params: { warmUpSeconds: 1, seconds: isQuick ? 2 : 5 } }],

  async measure(context) {
    const rows = [];
    for (const sockets of [1, 10]) rows.push(await measureResumes(context, sockets));
    return rows;
  },
};

async function measureResumes(context, sockets) {
  const [{ id, tokens }] = context.world.rooms;
  const clients = await inParallel(sockets, 10, () => SocketClient.connect(context.port, tokens[0]));
  const { lastSeq } = await clients[0].request('room-join', { roomId: id });
  const positions = [{ channelId: id, seq: lastSeq - ENTRIES }];
  const [channel] = await clients[0].request('resume', { positions });
  if (channel.complete !== true || channel.entries.length !== ENTRIES) {
    throw new Error(`a wrong resume: complete ${channel.complete}, ${channel.entries?.length} entries`);
  }
  const askers = clients.map((client) => () => client.requestText('resume', { positions }));
  const name = `${sockets} in flight`;
  const figures = await measureRequests(context, name, askers, context.params);
  for (const client of clients) client.close();
  context.progress(`${name}: ${Math.round(figures.perSecond)} resumes/s, p99 ${figures.p99Ms.toFixed(2)} ms`);
  return { case: name, figures, problems: [] };
}
