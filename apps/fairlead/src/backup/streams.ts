import type { Run } from './runs.ts';

/**
 * Shares the runs out among `streams` workers. The first failure stops the others and is thrown.
 * `open` makes what one stream needs (its connections), `carry` moves one run.
 */
export async function carryRuns<Stream extends AsyncDisposable>(
  runs: readonly Run[],
  streams: number,
  open: (signal: AbortSignal) => Promise<Stream>,
  options: { carry(stream: Stream, run: Run, signal: AbortSignal): Promise<void>; signal: AbortSignal },
): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, options.signal]);
  const queue = runs.values();
  const work = async (): Promise<void> => {
    await using stream = await open(signal);
    for (const run of queue) {
      signal.throwIfAborted();
      await options.carry(stream, run, signal);
    }
  };
  const workers = Array.from({ length: Math.max(1, Math.min(streams, runs.length)) }, () =>
    work().catch((error: unknown) => {
      stop.abort(error);
      throw error;
    }),
  );
  const ended = await Promise.allSettled(workers);
  if (stop.signal.aborted) throw stop.signal.reason;
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}
