import type { Clock } from '@fairlead/kernel/clock';
import type { Log } from '@fairlead/kernel/log';

/** Work that outlives the request that began it, and ends with the bridge. */
export class Background implements AsyncDisposable {
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Aborts when the bridge stops. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Begins work; its failure reaches whoever waits for the promise, and nobody has to. */
  begin<T>(what: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const running = work(this.#stop.signal);
    const tracked = running.then(
      () => undefined,
      (error: unknown) => this.#log.debug({ err: error }, `${what} has failed`),
    );
    this.#running.add(tracked);
    void tracked.finally(() => this.#running.delete(tracked));
    return running;
  }

  /**
   * Begins work that goes on, however often it takes, while its failures pass: nobody has to come back for it.
   * @returns how its first attempt ends
   */
  persist<T>(what: string, work: (signal: AbortSignal) => Promise<T>, how: Persistence): Promise<T> {
    const first = this.begin(what, work);
    first.catch((error: unknown) => {
      if (!how.isPassing(error) || this.#stop.signal.aborted) return;
      this.begin(what, (signal) => repeat(() => work(signal), how, signal)).catch(() => undefined);
    });
    return first;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error('the gateway stops'));
    await Promise.allSettled(this.#running);
  }
}

/** How work is repeated. */
export interface Persistence {
  readonly clock: Clock;
  readonly pauseMs: number;
  readonly isPassing: (error: unknown) => boolean;
}

async function repeat<T>(work: () => Promise<T>, { clock, pauseMs, isPassing }: Persistence, signal: AbortSignal): Promise<T> {
  for (;;) {
    await clock.sleep(pauseMs, signal);
    try {
      return await work();
    } catch (error) {
      if (signal.aborted || !isPassing(error)) throw error;
    }
  }
}

/** What is known of work when a request stops waiting for it. */
export type Outcome<T> = { readonly ended: true; readonly value: T } | { readonly ended: false };

/** How long a request waits for work. */
export interface Patience {
  readonly clock: Clock;
  readonly ms: number;
  /** The caller's: when he leaves, nobody waits any more. */
  readonly signal: AbortSignal;
}

/** Waits for work as long as the patience lasts; the work itself goes on. Rejects when the work fails in that time. */
export async function waitFor<T>(work: Promise<T>, patience: Patience): Promise<Outcome<T>> {
  const over = new AbortController();
  const signal = AbortSignal.any([patience.signal, over.signal]);
  const enough = patience.clock.sleep(patience.ms, signal).catch(() => undefined);
  try {
    return await Promise.race([
      work.then((value): Outcome<T> => ({ ended: true, value })),
      enough.then((): Outcome<T> => ({ ended: false })),
    ]);
  } finally {
    over.abort(new Error('waited enough'));
  }
}
