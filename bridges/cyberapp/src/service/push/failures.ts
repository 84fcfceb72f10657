import { acronisClass } from '@fairlead/acronis';
import { PAUSES_AFTER } from './backoff.ts';
import type { PushClient } from './push-client.ts';

/** Failures of one tenant in a row: they decide when the rest of its work is left for later. */
export class Failures {
  readonly #client: Pick<PushClient, 'pausedUntil'>;
  #inRow: number;
  #last: unknown;

  constructor(client: Pick<PushClient, 'pausedUntil'>, inRow: number) {
    this.#client = client;
    this.#inRow = inRow;
  }

  get inRow(): number {
    return this.#inRow;
  }

  /** The last failure, unless something went well after it. */
  get last(): unknown {
    return this.#last;
  }

  ok(): void {
    this.#inRow = 0;
    this.#last = undefined;
  }

  /** Notes a failed call. @throws the same error when it says something about the tenant or the data center, or is one too many */
  failed(error: unknown): void {
    const found = acronisClass(error);
    if (found === undefined || found === 'token' || found === 'throttled') throw error;
    this.#inRow += 1;
    this.#last = error;
    const isEnough = this.#inRow >= PAUSES_AFTER || this.#client.pausedUntil !== undefined;
    if (found === 'forbidden' || isEnough) throw error;
  }
}
