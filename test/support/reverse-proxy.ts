import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';

/** What a proxy in front of the product does with a path below which it serves it. */
export interface ReverseProxy {
  /** Everything that was asked for outside of the path. */
  readonly strays: string[];
  stop(): Promise<void>;
}

/** A proxy as nginx is set up for one application among others: only what is below `prefix` is passed on, with the path or without it. */
export async function startReverseProxy(port: number, target: URL, prefix: string, strips: boolean): Promise<ReverseProxy> {
  const strays: string[] = [];
  const sockets = new Set<Socket>();
  const pathOf = ({ url = '' }: IncomingMessage): string | undefined => {
    const rest = url.slice(prefix.length);
    if (url.startsWith(prefix) && /^(?:[/?]|$)/.test(rest)) return strips ? (rest.startsWith('/') ? rest : `/${rest}`) : url;
    strays.push(url);
    return undefined;
  };
  const forwarded = ({ headers, socket }: IncomingMessage) => ({ ...headers, 'x-forwarded-for': socket.remoteAddress ?? '', 'x-forwarded-proto': 'http' });
  const server: Server = createServer((incoming, answer) => {
    const path = pathOf(incoming);
    if (path === undefined) return void answer.writeHead(404, { 'content-type': 'text/plain' }).end('another application');
    const outgoing = request({ host: target.hostname, port: target.port, method: incoming.method, path, headers: forwarded(incoming) }, (answered) => {
      answer.writeHead(answered.statusCode!, answered.headers);
      answered.pipe(answer);
    });
    outgoing.on('error', () => answer.destroy());
    answer.on('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  });
  server.on('upgrade', (incoming: IncomingMessage, client: Socket, head: Buffer) => {
    const path = pathOf(incoming);
    if (path === undefined) return void client.end('HTTP/1.1 404 Not Found\r\n\r\n');
    const upstream = connect(Number(target.port), target.hostname);
    const lines = Object.entries(forwarded(incoming)).map(([name, value]) => `${name}: ${String(value)}\r\n`);
    upstream.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
    upstream.write(head);
    for (const [from, to] of [[client, upstream], [upstream, client]] as const) {
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    strays,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
