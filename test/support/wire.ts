import { request } from 'node:http';
import { type RawData, WebSocket } from 'ws';

/** A WebSocket to Socket.IO's endpoint that says exactly what it is told to, and remembers what it hears. */
export class Wire {
  readonly heard: string[] = [];
  /** Of the close frame; 1006 without one. */
  readonly closed: Promise<number>;
  private readonly looks = new Set<() => void>();

  private constructor(private readonly webSocket: WebSocket) {
    webSocket.on('message', (data: RawData) => {
      this.heard.push((data as Buffer).toString());
      for (const look of this.looks) look();
    });
    webSocket.on('error', () => undefined);
    this.closed = new Promise((resolve) => webSocket.once('close', (code) => resolve(code)));
  }

  /** Rejects with the HTTP status when the upgrade is refused. */
  static async open(origin: string, { query = '', headers = {} }: { query?: string; headers?: Record<string, string> } = {}): Promise<Wire> {
    const webSocket = new WebSocket(`${origin.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket${query}`, { headers });
    const wire = new Wire(webSocket);
    await new Promise<void>((resolve, reject) => {
      webSocket.once('open', resolve);
      webSocket.once('unexpected-response', (_request, response) => {
        response.resume();
        reject(new Error(`refused: ${response.statusCode}`));
      });
    });
    await wire.hear(/^0\{/);
    return wire;
  }

  say(text: string): void {
    this.webSocket.send(text);
  }

  /** The first message that matches, past or to come; rejects when the connection ends without. */
  hear(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.heard.find((text) => pattern.test(text));
        if (found === undefined) return;
        this.looks.delete(look);
        resolve(found);
      };
      this.looks.add(look);
      look();
      void this.closed.then((code) => reject(new Error(`closed with ${code} before ${String(pattern)}; heard ${this.heard.join(' ').slice(0, 500)}`)));
    });
  }

  close(): void {
    this.webSocket.terminate();
  }
}

/** The first request of long-polling, with headers that `fetch` does not let anyone choose. */
export function pollingHandshake(origin: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    request(`${origin}/socket.io/?EIO=4&transport=polling`, { headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    })
      .once('error', reject)
      .end();
  });
}
