import type { WireBody } from '../transport/transport.ts';

/** The body of an answer that is given away: the caller's signal ends it for as long as it is read. */
export function endedBy(body: WireBody, signal: AbortSignal | undefined): WireBody {
  if (signal === undefined) return body;
  const end = (): void => body.destroy(signal.reason);
  const leave = (): void => signal.removeEventListener('abort', end);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  return {
    destroy(error) {
      leave();
      body.destroy(error);
    },
    async *[Symbol.asyncIterator]() {
      try {
        yield* body;
      } finally {
        leave();
      }
    },
  };
}
