import type { Clock } from '@fairlead/kernel/clock';
import { GatewayError } from '@fairlead/kernel/errors';
import type { Log } from '@fairlead/kernel/log';
import type { GatewayBackups } from './gateway-backups.ts';
import type { GatewayTransfers } from './gateway-transfers.ts';

export interface LeftoverParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly backups: Pick<GatewayBackups, 'dropLeftovers'>;
  readonly transfers: Pick<GatewayTransfers, 'dropLeftovers'>;
}

const ROUND_MS = 5000;

/**
 * Ends on the agents what was given up while they did not answer, or by a gateway that was killed meanwhile: the rows say what, so that any gateway
 * of a cluster does it, as soon as the agent is back.
 */
export class Leftovers implements AsyncDisposable {
  readonly #parts: LeftoverParts;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(parts: LeftoverParts) {
    this.#parts = parts;
    this.#running = this.#run(this.#stop.signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock, log, backups, transfers } = this.#parts;
    while (!signal.aborted) {
      try {
        await transfers.dropLeftovers(signal);
        await backups.dropLeftovers(signal);
      } catch (error) {
        if (!signal.aborted) log.debug({ err: error }, 'what was given up could not be ended on its agent yet');
      }
      await clock.sleep(ROUND_MS, signal).catch(() => undefined);
    }
  }
}

/** The agent knows nothing of it, or there is no such agent any more: there is nothing to end. */
export function isNowhere(error: unknown): boolean {
  return error instanceof GatewayError && (error.code.endsWith('_UNKNOWN') || error.code === 'IMAGE_NO_AGENT');
}
