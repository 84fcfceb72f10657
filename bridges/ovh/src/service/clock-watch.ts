import type { BridgeContext } from '@fairlead/kernel/lifecycle';
import type { InstrumentsOf } from '@fairlead/kernel/metrics';
import type { ovhMetrics } from '../metrics.ts';
import type { Accounts, LiveAccount } from './accounts.ts';

export interface ClockWatchParts {
  readonly context: BridgeContext;
  readonly accounts: Accounts;
  readonly instruments: InstrumentsOf<typeof ovhMetrics>;
  /** 0 to 1. */
  readonly random?: () => number;
}

const EVERY_MS = 10 * 60_000;
/** How long a client believes what it has measured: each look here is a measurement, and calls are signed by it, too. */
export const BELIEVED_MS = 8 * 60_000;
const LIMIT_MS = 20_000;
/** Calls are signed by the clock of OVHcloud, so a difference does them no harm; leases, bans and certificates go by ours. */
const WARN_S = 5;

/**
 * How far the clock of this gateway is from that of OVHcloud. Every gateway of a cluster asks for itself, because each has a clock of its own;
 * so this is no job that one of them does for all.
 */
export class ClockWatch {
  readonly #parts: ClockWatchParts;
  /** Seconds by account, as last measured. */
  readonly #deltas = new Map<string, number>();

  constructor(parts: ClockWatchParts) {
    this.#parts = parts;
  }

  /** Seconds that OVHcloud is ahead; undefined while it was not measured. */
  deltaOf(account: string): number | undefined {
    return this.#deltas.get(account);
  }

  isOff(account: string): boolean {
    return Math.abs(this.deltaOf(account) ?? 0) > WARN_S;
  }

  /** Ends with the signal; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { context, random = Math.random } = this.#parts;
    while (!signal.aborted) {
      await this.measure(signal);
      await context.clock.sleep(EVERY_MS * (0.9 + random() / 5), signal).catch(() => undefined);
    }
  }

  /** Asks once for each account; what does not answer is told by the refresh of the inventory. Never rejects. */
  async measure(signal: AbortSignal): Promise<void> {
    const { accounts } = this.#parts;
    await Promise.all(accounts.all.map((account) => this.#measure(account, signal).catch(() => undefined)));
    for (const name of this.#deltas.keys()) if (!accounts.names.includes(name)) this.#deltas.delete(name);
  }

  async #measure({ name, client }: LiveAccount, signal: AbortSignal): Promise<void> {
    const { log } = this.#parts.context;
    const seconds = await client.timeDelta({ signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]) });
    const delta = Math.round(seconds * 10) / 10;
    const wasOff = this.isOff(name);
    this.#deltas.set(name, delta);
    this.#parts.instruments.clockDelta.set({ account: name }, delta);
    if (this.isOff(name) && !wasOff)
      log.warn({ account: name, seconds: delta }, 'the clock of this machine and that of OVHcloud differ; let this machine follow NTP');
    if (!this.isOff(name) && wasOff) log.info({ account: name, seconds: delta }, 'the clock of this machine is right again');
  }
}
