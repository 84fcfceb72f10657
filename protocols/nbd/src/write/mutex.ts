import { abortedError } from '../error.ts';

const tails = new Map<string, Promise<void>>();

/** Runs `work` when all earlier work of the same key in this process has ended. Throws `NBD_ABORTED` while waiting. */
export async function exclusively<T>(key: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  const before = tails.get(key) ?? Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  tails.set(key, promise);
  try {
    await orAborted(before, signal);
    return await work();
  } finally {
    // Who stopped waiting still keeps those behind him waiting for those before him.
    void before.then(() => {
      resolve();
      if (tails.get(key) === promise) tails.delete(key);
    });
  }
}

function orAborted(turn: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return turn;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(abortedError(signal));
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    void turn.then(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
  });
}
