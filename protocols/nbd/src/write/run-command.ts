import type { Connection } from '../connection.ts';
import { Operation } from '../operation.ts';
import { Command } from './command.ts';

/** Sends one command and waits for its answer. Aborting it rejects when it is answered or given up, a second later at most. */
export async function runCommand(
  connection: Connection,
  head: { type: number; offset: number; length: number; flags?: number },
  payload: readonly Uint8Array[] | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let stopped: Error | undefined;
  const command = new Command(head, (error) => {
    const failure = stopped ?? error;
    if (failure === undefined) resolve();
    else reject(failure);
  });
  const operation = new Operation(connection, signal, (error) => {
    stopped = error;
    connection.drainSoon([command]);
  });
  connection.send(command, payload);
  try {
    await promise;
  } finally {
    operation.end();
  }
}
