import { setImmediate as nextTurn } from 'node:timers/promises';
import { CscpClient } from '../client/client.ts';
import type { CscpClientOptions } from '../client/options.ts';
import { abortedError, CscpError } from '../error.ts';
import { IdleConnections } from './idle.ts';
import { Slots } from './slots.ts';

export interface CscpPoolOptions {
  readonly connect: Omit<CscpClientOptions, 'signal'>;
  /** Connections at a time, the resting ones among them. Absent: 32. */
  readonly maxTotal?: number | undefined;
  /** Resting connections of one identity. Absent: 16. */
  readonly maxIdlePerKey?: number | undefined;
  /** How long a connection may rest, in milliseconds. Absent: 30 s. */
  readonly idleMs?: number | undefined;
  /** How long a caller waits for a free connection, in milliseconds. Absent: 10 s. */
  readonly waitMs?: number | undefined;
}

export interface CscpPoolStats {
  readonly busy: number;
  readonly idle: number;
  readonly waiting: number;
}

/** What is done with a connection, and how it comes to bear its identity. */
export interface PooledWork<T> {
  /** Whose connection it is: user and session id. No connection is ever given to another key. */
  readonly identityKey: string;
  /** Makes a fresh connection the identity's, with AUTHKEY or AUTH. What it throws is the caller's; the connection is dropped then. */
  readonly authenticate: (client: CscpClient, signal: AbortSignal) => Promise<void>;
  readonly work: (client: CscpClient) => Promise<T>;
  /** Ends the wait, the connecting and the work; a connection at work is destroyed. */
  readonly signal: AbortSignal;
}

interface Lease {
  readonly client: CscpClient;
  readonly reused: boolean;
  /** How many commands were sent, and identities taken, before the work began. */
  readonly sent: number;
  readonly identitySwitches: number;
}

/** Connections that already bear an identity, so that a command costs no new connection and no AUTHKEY. */
export class CscpPool implements AsyncDisposable {
  readonly #options: CscpPoolOptions;
  readonly #maxTotal: number;
  readonly #slots: Slots;
  readonly #idle: IdleConnections;
  readonly #ending = new AbortController();

  constructor(options: CscpPoolOptions) {
    this.#options = options;
    this.#maxTotal = options.maxTotal ?? 32;
    this.#slots = new Slots(this.#maxTotal);
    this.#idle = new IdleConnections(options.maxIdlePerKey ?? 16, options.idleMs ?? 30_000);
  }

  get stats(): CscpPoolStats {
    return { busy: this.#slots.taken, idle: this.#idle.count, waiting: this.#slots.waiting };
  }

  /**
   * Gives the work a connection that nobody else has meanwhile. It is kept afterwards, unless it failed, has an open transaction,
   * a reply on its way or another identity. When a kept connection turns out to be closed before the work has sent anything, the work is
   * begun once more on a new one. Throws what the work and `authenticate` throw, and `CSCP_BUSY`, `CSCP_ABORTED`, and what
   * `CscpClient.connect` throws.
   */
  async use<T>(job: PooledWork<T>): Promise<T> {
    const signal = AbortSignal.any([job.signal, this.#ending.signal]);
    await this.#slots.take(this.#options.waitMs ?? 10_000, signal);
    try {
      return await this.#useSlot({ ...job, signal });
    } finally {
      this.#slots.release();
    }
  }

  /** Ends the resting connections of an identity whose session is over. */
  forget(identityKey: string): void {
    this.#idle.end(identityKey);
  }

  /** Ends every connection; what is at work and what comes later fails with `CSCP_ABORTED`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort(new CscpError('CSCP_CLOSED', 'the pool is closed'));
    this.#idle.end();
  }

  async #useSlot<T>(job: PooledWork<T>): Promise<T> {
    const kept = await this.#takeKept(job.identityKey);
    if (!kept) return await this.#work(await this.#fresh(job), job);
    try {
      return await this.#work(kept, job);
    } catch (error) {
      if (!isUntouched(kept, error) || job.signal.aborted) throw error;
      return await this.#work(await this.#fresh(job), job);
    }
  }

  /** A resting connection that is still open. The turn lets the end of one be heard that the server has closed. */
  async #takeKept(key: string): Promise<Lease | undefined> {
    for (;;) {
      const client = this.#idle.take(key);
      if (!client) return undefined;
      await nextTurn();
      if (client.usable) return lease(client, true);
    }
  }

  async #fresh({ authenticate, signal }: PooledWork<unknown>): Promise<Lease> {
    if (this.#slots.taken + this.#idle.count > this.#maxTotal) this.#idle.evictOldest();
    const client = await CscpClient.connect({ ...this.#options.connect, signal });
    try {
      await whileAlive(client, signal, () => authenticate(client, signal));
    } catch (error) {
      client.destroy();
      throw error;
    }
    void client.closed.then(() => this.#idle.drop(client));
    return lease(client, false);
  }

  async #work<T>(leased: Lease, { identityKey, work, signal }: PooledWork<T>): Promise<T> {
    try {
      return await whileAlive(leased.client, signal, () => work(leased.client));
    } finally {
      if (isClean(leased) && !this.#ending.signal.aborted) this.#idle.put(identityKey, leased.client);
      else leased.client.destroy();
    }
  }
}

function lease(client: CscpClient, reused: boolean): Lease {
  return { client, reused, sent: client.sent, identitySwitches: client.identitySwitches };
}

function isClean({ client, identitySwitches }: Lease): boolean {
  return client.usable && client.pending === 0 && !client.inTransaction && client.identitySwitches === identitySwitches;
}

/** The kept connection was closed, and the work's first command had not left. */
function isUntouched({ client, reused, sent }: Lease, error: unknown): boolean {
  return reused && client.sent === sent && error instanceof CscpError && error.code === 'CSCP_CLOSED' && !error.sent;
}

/** The connection is destroyed when the signal fires, which ends whatever waits for it. */
async function whileAlive<T>(client: CscpClient, signal: AbortSignal, action: () => Promise<T>): Promise<T> {
  const destroy = (): void => client.destroy(abortedError(signal, client.pending > 0));
  signal.addEventListener('abort', destroy, { once: true });
  try {
    if (signal.aborted) throw abortedError(signal, false);
    return await action();
  } finally {
    signal.removeEventListener('abort', destroy);
  }
}
