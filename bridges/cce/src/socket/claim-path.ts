import { lstat, mkdir, unlink } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { dirname } from 'node:path';
import { CceError } from '../errors.ts';

/** The end of `sun_path`; a longer one is cut silently or refused, depending on the system. */
const PATH_BYTES = 107;

/**
 * Makes the path of a Unix socket free to listen on: a socket file that nobody answers on was left by a process that is gone and is removed.
 * Throws `CCE_SOCKET_PATH` when somebody answers, when it is no socket, or when the folder is open to others although it must not be.
 */
export async function claimPath(path: string, options: { readonly isPrivate: boolean }): Promise<void> {
  if (Buffer.byteLength(path) > PATH_BYTES)
    throw CceError('CCE_SOCKET_PATH', { path, reason: `the path is longer than ${PATH_BYTES} bytes` });
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: options.isPrivate ? 0o700 : 0o755 });
  if (options.isPrivate && ((await lstat(folder)).mode & 0o077) !== 0)
    throw CceError('CCE_SOCKET_PATH', {
      path,
      reason: `the folder ${folder} must have mode 0700: whoever opens this socket is an administrator`,
    });
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return;
  if (!found.isSocket()) throw CceError('CCE_SOCKET_PATH', { path, reason: 'a file that is no socket stands there' });
  if (await isAnswered(path)) throw CceError('CCE_SOCKET_PATH', { path, reason: 'another process serves it' });
  await unlink(path);
}

/** Only a refused connection says that nobody is there: a full queue does not. */
function isAnswered(path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = createConnection({ path });
  socket.once('connect', () => resolve(true));
  socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'));
  return promise.finally(() => socket.destroy());
}
