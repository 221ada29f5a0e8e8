/** The proof that whoever follows a page has the page: what a watcher received, applied by somebody else's library, must be what the server has. */

import { isDeepStrictEqual } from 'node:util';
import jsonPatch from 'fast-json-patch';
import json0 from 'ot-json0';
import { HttpConnection } from '../lib/wire/http-client.mjs';
import { samplePage } from './sample-page.mjs';

/** `record` is what arrived at a watcher, from the first edit of a fresh page on. */
export async function replayProblems(context, record) {
  const [{ components }] = context.world.pages;
  const replayed = context.serverName === 'product' ? replayPatches(samplePage(components), record) : replayJson0(samplePage(components), record);
  const schema = await readPage(context);
  return isDeepStrictEqual(replayed, schema) ? [] : [`what ${record.length} operations make of the page is not what the server has`];
}

function replayPatches(page, record) {
  return jsonPatch.applyPatch(page, record.flatMap((text) => JSON.parse(text).patches), false, true).newDocument;
}

function replayJson0(page, record) {
  return record.reduce((replayed, text) => json0.type.apply(replayed, JSON.parse(text).op), page);
}

async function readPage({ port, serverName, world: { pages } }) {
  const [{ id, tokens }] = pages;
  const connection = new HttpConnection(port);
  const { status, body } = await connection.request('GET', serverName === 'product' ? `/api/v1/pages/${id}` : `/pages/${id}`, { token: tokens[0] });
  connection.close();
  if (status !== 200) throw new Error(`status ${status}: ${body.toString().slice(0, 300)}`);
  return JSON.parse(body.toString()).schema;
}
