import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Passes connections on to a server of this machine; shut, that server is down for whoever comes this way. */
export class Gate implements AsyncDisposable {
  readonly port: number;
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  private constructor(server: Server, target: number) {
    this.#target = target;
    this.port = (server.address() as AddressInfo).port;
    this.#take(server);
  }

  static async open(target: number): Promise<Gate> {
    return new Gate(await listen(0), target);
  }

  /** Cuts what is connected and refuses what comes. */
  async shut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const closed = server && once(server, 'close');
    server?.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** Lets everybody through again. */
  async reopen(): Promise<void> {
    this.#take(await listen(this.port));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shut();
  }

  #take(server: Server): void {
    this.#server = server.on('connection', (socket) => this.#pass(socket));
  }

  #pass(socket: Socket): void {
    const onward = connect(this.#target, '127.0.0.1');
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      this.#sockets.add(one);
      one
        .on('error', () => undefined)
        .on('close', () => {
          this.#sockets.delete(one);
          other.destroy();
        });
      one.pipe(other);
    }
  }
}

/** Ports that were free a moment ago, for listeners that must be found again after a restart. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function listen(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
