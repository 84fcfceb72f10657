import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { tempDir } from '@fairlead/testkit/temp';
import { type CscpTarget, type Ending, type ServeOptions, serveCscp } from '../../src/index.ts';

export interface TestServer extends AsyncDisposable {
  readonly socketPath: string;
  /** How the conversations ended. */
  readonly endings: readonly Ending[];
  /** Sockets that are open. */
  readonly sockets: ReadonlySet<Socket>;
  readonly accepted: number;
}

/** Our own server over a target for each connection. */
export async function startServer(makeTarget: () => CscpTarget, options: ServeOptions = {}): Promise<TestServer> {
  const dir = await tempDir('cscp-');
  const socketPath = join(dir.path, 's');
  const endings: Ending[] = [];
  const sockets = new Set<Socket>();
  let accepted = 0;
  const server = createServer((socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    void serveCscp(socket, makeTarget(), options).then((ending) => endings.push(ending));
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    socketPath,
    endings,
    sockets,
    get accepted() {
      return accepted;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await dir[Symbol.asyncDispose]();
    },
  };
}
