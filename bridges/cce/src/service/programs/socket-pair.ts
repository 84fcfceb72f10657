import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';

/** The two ends of one connection. */
export interface SocketPair {
  readonly ours: Socket;
  /** Untouched: no byte was read from it, so that it can be given to a child process. */
  readonly theirs: Socket;
}

let made = 0;

/**
 * Connects two sockets. Node has no `socketpair`, so the one end connects to a socket in a folder that only this user may enter; the path is gone when
 * this answers.
 */
export async function socketPair(folder: string): Promise<SocketPair> {
  made += 1;
  const path = join(folder, `${process.pid}-${made}`);
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
  server.listen(path);
  try {
    await once(server, 'listening');
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const theirs = createConnection({ path, allowHalfOpen: true });
    // A socket that flows begins to read as soon as it is connected, and what it reads the child would miss.
    theirs.pause();
    const [[ours]] = await Promise.all([accepted, once(theirs, 'connect')]);
    ours.on('error', () => undefined);
    theirs.on('error', () => undefined);
    return { ours, theirs };
  } finally {
    server.close();
  }
}
