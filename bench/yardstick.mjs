/** The yardstick: Socket.IO as it is, storing nothing. What the product costs beyond this is the price of its promises. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer((request, response) => response.end('ok'));
const io = new Server(http, { transports: ['websocket'], serveClient: false });
const lastSeqOfRoom = new Map();

io.on('connection', (socket) => {
  const actorId = randomUUID();
  socket.emit('session', { connectionId: socket.id, userId: actorId });
  socket.on('room-join', ({ roomId }, ack) => {
    socket.join(roomId);
    ack({ data: { room: { id: roomId } } });
  });
  socket.on('send-message', ({ roomId, clientMsgId, content }, ack) => {
    const seq = (lastSeqOfRoom.get(roomId) ?? 0) + 1;
    lastSeqOfRoom.set(roomId, seq);
    const [id, at] = [randomUUID(), new Date().toISOString()];
    const entry = { channelId: roomId, seq, type: 'new-message', actorId, at, roomId, id, senderId: actorId, messageType: 'text', content };
    io.to(roomId).emit('new-message', { ...entry, replyTo: null, clientMsgId, createdAt: at, editedAt: null, deletedAt: null });
    ack({ data: { messageId: id, seq, clientMsgId, createdAt: at } });
  });
  socket.on('typing', ({ roomId, on }, ack) => {
    socket.volatile.to(roomId).emit('typing', { roomId, userId: actorId, on });
    ack({ data: {} });
  });
});

http.listen(Number(process.env.PORT), '127.0.0.1');
