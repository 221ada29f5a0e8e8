/**
 * The self-test's server: accepts any WebSocket client and, when told, writes prebuilt deliveries as fast as the sockets
 * take them. It costs next to nothing per frame, so that the load generator is what is measured.
 */

import { createServer } from 'node:net';

const HEADER_END = '\r\n\r\n';
const [port, framesPerWrite, contentBytes] = process.argv.slice(2).map(Number);
const id = '0198c1f0-0000-7000-8000-000000000000';
const at = '2026-01-01T00:00:00.000Z';

function serverFrame(text) {
  const payload = Buffer.from(text);
  const header = payload.length < 126 ? Buffer.of(0x81, payload.length) : Buffer.of(0x81, 126, payload.length >> 8, payload.length & 0xff);
  return Buffer.concat([header, payload]);
}

const entry = { channelId: id, seq: 1, type: 'new-message', actorId: id, at, roomId: id, id, senderId: id, messageType: 'text' };
const message = { ...entry, content: 'x'.repeat(contentBytes), replyTo: null, clientMsgId: id, createdAt: at, editedAt: null, deletedAt: null };
const burst = Buffer.concat(Array(framesPerWrite).fill(serverFrame(`42${JSON.stringify(['new-message', message])}`)));
const sockets = new Set();
let written = 0;
let isBlasting = false;

function blast(socket) {
  if (!isBlasting || socket.destroyed) return;
  written += framesPerWrite;
  if (socket.write(burst)) setImmediate(blast, socket);
  else socket.once('drain', () => blast(socket));
}

createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    if (bytes.includes(HEADER_END)) {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
      socket.write(serverFrame('0{"sid":"x"}'));
    } else if (!sockets.has(socket)) {
      sockets.add(socket);
      socket.write(serverFrame('40{"sid":"x"}'));
    }
  });
}).listen(port, '127.0.0.1', () => process.send('ready'));

process.on('message', (order) => {
  isBlasting = order === 'start';
  if (isBlasting) for (const socket of sockets) blast(socket);
  else process.send({ written });
});
process.on('disconnect', () => process.exit(0));
