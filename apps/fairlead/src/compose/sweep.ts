import type { BridgeContext } from '@fairlead/kernel/lifecycle';

const DAY_MS = 86_400_000;

/** Removes audit rows that are older than `[audit] keep`, at the start and daily, until it is closed. */
export function sweepDaily({ audit, clock, log }: Pick<BridgeContext, 'audit' | 'clock' | 'log'>, keepMs: number): AsyncDisposable {
  const closing = new AbortController();
  const running = run(closing.signal);
  return {
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      await running;
    },
  };

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const removed = await audit.sweep(keepMs);
        if (removed > 0) log.info({ removed }, 'audit rows that were kept long enough are gone');
      } catch (error) {
        log.error({ err: error }, 'old audit rows could not be removed');
      }
      await clock.sleep(DAY_MS, signal).catch(() => undefined);
    }
  }
}
