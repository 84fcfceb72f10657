/** A signal that SIGINT and SIGTERM give, as long as it is not disposed of; until then neither ends the program by itself. */
export interface Interruption extends Disposable {
  readonly signal: AbortSignal;
}

const NAMES = ['SIGINT', 'SIGTERM'] as const;

export function interruption(): Interruption {
  const controller = new AbortController();
  const abort = () => controller.abort();
  for (const name of NAMES) process.once(name, abort);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const name of NAMES) process.off(name, abort);
    },
  };
}
