import { NBD_CMD_WRITE } from '../codec/wire.ts';
import type { Connection } from '../connection.ts';
import { alignDown, type Shape } from '../limits.ts';
import { readBytes } from '../read/read-bytes.ts';
import { exclusively } from './mutex.ts';
import { runCommand } from './run-command.ts';

/** Where writes go: the connection, how requests are cut, and the name that all connections to the same export share. */
export interface Target {
  readonly connection: Connection;
  readonly shape: Shape;
  readonly exportKey: string;
}

/** How bytes are written: command flags, and the caller's signal. */
export interface Manner {
  readonly flags: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Writes bytes within one block of a server that takes whole blocks only. No other such write of this process to the
 * export runs meanwhile, so that two of them to the same block both last (imageio 8.9).
 */
export async function writeWithinBlock(target: Target, offset: number, chunks: readonly Uint8Array[], how: Manner): Promise<void> {
  const { connection, shape } = target;
  const start = alignDown(offset, shape.align);
  await exclusively(target.exportKey, how.signal, async () => {
    const block = await readBytes(connection, shape, { offset: start, length: shape.align }, how.signal);
    let at = offset - start;
    for (const chunk of chunks) {
      block.set(chunk, at);
      at += chunk.length;
    }
    await runCommand(connection, { type: NBD_CMD_WRITE, offset: start, length: shape.align, flags: how.flags }, [block], how.signal);
  });
}
