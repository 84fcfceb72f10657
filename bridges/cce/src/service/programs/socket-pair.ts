import { once } from 'node:events';
import { createServer, Socket } from 'node:net';
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
  // A socket that flows begins to read at once, and what it reads the child would miss.
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
  server.listen(path);
  try {
    await once(server, 'listening');
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const ours = new PatientSocket({ allowHalfOpen: true });
    ours.connect({ path });
    const [[theirs]] = await Promise.all([accepted, once(ours, 'connect')]);
    for (const socket of [ours, theirs]) socket.on('error', () => undefined);
    return { ours, theirs };
  } finally {
    server.close();
  }
}

/**
 * A socket that goes on reading when it cannot write: a program may say all it has to say and end without reading an answer, and the failed answer must
 * not take away what was said.
 */
class PatientSocket extends Socket {
  override _write(chunk: unknown, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    super._write(chunk, encoding, () => done());
  }

  override _writev(chunks: { chunk: unknown; encoding: BufferEncoding }[], done: (error?: Error | null) => void): void {
    super._writev?.(chunks, () => done());
  }
}
