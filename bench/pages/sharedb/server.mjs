/** ShareDB over WebSocket, as its README shows it: in memory, or with DATABASE_URL every operation in PostgreSQL. */

import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import WebSocketJSONStream from '@teamwork/websocket-json-stream';
import ShareDB from 'sharedb';
import { WebSocketServer } from 'ws';
import { StoredOps } from './stored-ops.mjs';

const db = process.env.DATABASE_URL ? await StoredOps.open(process.env.DATABASE_URL) : new ShareDB.MemoryDB();
const backend = new ShareDB({ db });
const connection = backend.connect();

/** `POST /pages/<id>` makes a page, `GET /pages/<id>` tells what is on it; anything else is whether the server is up. */
const http = createServer(async (request, response) => {
  const [, id] = /^\/pages\/([\w-]+)$/.exec(request.url) ?? [];
  if (id === undefined) return void response.end('ok');
  const page = connection.get('pages', id);
  const done = (error) => {
    response.statusCode = error ? 500 : 200;
    const body = JSON.stringify(error ? { error: error.message } : { version: page.version, schema: request.method === 'GET' ? page.data : undefined });
    response.setHeader('content-length', Buffer.byteLength(body));
    response.end(body);
    page.destroy();
  };
  if (request.method === 'POST') page.create(await json(request), done);
  else page.fetch(done);
});

new WebSocketServer({ server: http }).on('connection', (socket, request) => {
  const stream = new WebSocketJSONStream(socket);
  // A client that goes away while it is written to must not end the server.
  stream.on('error', () => socket.terminate());
  socket.on('error', () => socket.terminate());
  backend.listen(stream, request);
});
http.listen(Number(process.env.PORT), '127.0.0.1');
