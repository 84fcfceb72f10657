/** Answers when it is the caller's turn, with the function that ends it. Rejects with the reason of the signal. */
export type TakeTurn = (signal?: AbortSignal) => Promise<() => void>;

/** At most `atOnce` turns at a time; those who wait are served in the order in which they came. */
export function createTurns(atOnce: number): TakeTurn {
  const waiting = new Set<() => void>();
  let busy = 0;

  /** Whoever waits longest takes the turn over, so that nobody who comes just then slips in between. */
  function end(): void {
    const [next] = waiting;
    if (next) next();
    else busy -= 1;
  }

  function once(): () => void {
    let ended = false;
    return () => {
      if (!ended) end();
      ended = true;
    };
  }

  return async (signal) => {
    signal?.throwIfAborted();
    if (busy < atOnce) busy += 1;
    else await queued(waiting, signal);
    return once();
  };
}

function queued(waiting: Set<() => void>, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const begin = (): void => {
      leave();
      resolve();
    };
    const giveUp = (): void => {
      leave();
      reject(signal?.reason);
    };
    function leave(): void {
      waiting.delete(begin);
      signal?.removeEventListener('abort', giveUp);
    }
    waiting.add(begin);
    signal?.addEventListener('abort', giveUp, { once: true });
  });
}
