/** f. A page of 50 messages anywhere in a long history, and the newest page, which comes from memory. */

import { seededRandom } from '../lib/measure/stats.mjs';
import { HttpConnection } from '../lib/wire/http-client.mjs';
import { measureRequests, requestColumns } from './requests.mjs';

const PAGE_MESSAGES = 50;
/** The room's first seqs are its creation and joins, not messages. */
const OLDEST_BEFORE = 2 * PAGE_MESSAGES;
const NEWEST = 'newest page';

export const history = {
  key: 'f',
  title: `History pages of ${PAGE_MESSAGES} messages over REST`,
  servers: ['product'],
  columns: requestColumns('page'),
  cases: ({ isQuick }) => {
    const messages = isQuick ? 100_000 : 1_000_000;
    // Long enough for V8 to compile what a server that has been up for a while has compiled.
    return [{ world: { rooms: 1, members: 1, messages }, params: { messages, warmUpSeconds: isQuick ? 1 : 5, seconds: isQuick ? 2 : 5 } }];
  },

  async measure(context) {
    const { messages } = context.params;
    const rows = [];
    for (const connections of [1, 16]) {
      rows.push(await measurePages(context, `anywhere in ${messages.toLocaleString('en')}, ${connections} in flight`, connections, messages));
    }
    rows.push(await measurePages(context, `${NEWEST}, 16 in flight`, 16, null));
    return rows;
  },
};

/** `messages` null asks for the newest page. */
async function measurePages(context, name, connections, messages) {
  const [{ id, tokens }] = context.world.rooms;
  const random = seededRandom(11);
  const path = `/api/v1/rooms/${id}/messages?limit=${PAGE_MESSAGES}`;
  const open = Array.from({ length: connections }, () => new HttpConnection(context.port));
  const askers = open.map((connection) => async () => {
    const before = messages === null ? null : OLDEST_BEFORE + Math.floor(random() * (messages - OLDEST_BEFORE));
    const answer = await connection.request('GET', before === null ? path : `${path}&before=${before}`, { token: tokens[0] });
    if (answer.status !== 200) throw new Error(`status ${answer.status}: ${answer.body.toString().slice(0, 300)}`);
    return { before, body: answer.body };
  });
  checkPage(await askers[0]());
  const figures = await measureRequests(context, name, askers, context.params);
  for (const connection of open) connection.close();
  context.progress(`${name}: ${Math.round(figures.perSecond)} pages/s, p99 ${figures.p99Ms.toFixed(2)} ms`);
  return { case: name, figures, problems: [] };
}

/** One page is read closely: 50 messages, ascending, directly before the asked seq. */
function checkPage({ before, body }) {
  const { items } = JSON.parse(body.toString());
  const isAscending = items.every(({ seq }, i) => i === 0 || seq === items[i - 1].seq + 1);
  const endsRight = before === null || items.at(-1)?.seq === before - 1;
  if (items.length !== PAGE_MESSAGES || !isAscending || !endsRight) {
    throw new Error(`a wrong page before ${before}: ${items.length} messages, seq ${items[0]?.seq} to ${items.at(-1)?.seq}`);
  }
}
