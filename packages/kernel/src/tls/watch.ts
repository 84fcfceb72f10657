import type { Clock } from '../clock/index.ts';
import { GatewayError } from '../errors/index.ts';
import type { Log } from '../log/index.ts';
import type { Authority } from './authority.ts';

export interface CertificateWatchOptions {
  readonly authority: Authority;
  readonly clock: Clock;
  readonly log: Log;
}

const lookEveryMs = 60_000;
const dayMs = 86_400_000;
/** Days before its end from which a certificate is warned about: ours were renewed by then. */
const warnDays = 30;

/** Keeps the certificates of an authority up to date (design 7): looks at the files every minute and when asked, until it is closed. */
export class CertificateWatch implements AsyncDisposable {
  readonly #options: CertificateWatchOptions;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;
  #looking: Promise<void> = Promise.resolve();
  #warnedMs = Number.NEGATIVE_INFINITY;
  #lastFailure: { readonly text: string; readonly ms: number } | undefined;

  constructor(options: CertificateWatchOptions) {
    this.#options = options;
    this.#warnOfEnd();
    this.#running = this.#run();
  }

  /** Looks now, after a look that is under way. Never rejects: a failure is logged, and the former certificates stay in use. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#lookOnce());
    return this.#looking;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#running;
    await this.#looking;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.#options.clock.sleep(lookEveryMs, signal).catch(() => undefined);
      if (!signal.aborted) await this.look();
    }
  }

  async #lookOnce(): Promise<void> {
    const { authority, log } = this.#options;
    try {
      if (await authority.refresh()) {
        this.#warnedMs = Number.NEGATIVE_INFINITY;
        log.info({ ends: new Date(authority.expiresAt).toISOString() }, 'new connections are shown a new certificate');
      }
      this.#lastFailure = undefined;
    } catch (error) {
      this.#tellFailure(error);
    }
    this.#warnOfEnd();
  }

  /** The same failure is told once a day, not once a minute. */
  #tellFailure(error: unknown): void {
    const { clock, log } = this.#options;
    const text = error instanceof Error ? error.message : String(error);
    const last = this.#lastFailure;
    if (last && last.text === text && clock.now() - last.ms < dayMs) return;
    this.#lastFailure = { text, ms: clock.now() };
    log.error(
      { err: error, code: error instanceof GatewayError ? error.code : 'unknown' },
      'the new certificate cannot be used; the former stays in use',
    );
  }

  #warnOfEnd(): void {
    const { authority, clock, log } = this.#options;
    const days = Math.floor((authority.expiresAt - clock.now()) / dayMs);
    if (days >= warnDays || clock.now() - this.#warnedMs < dayMs) return;
    this.#warnedMs = clock.now();
    log.warn({ days }, 'the server certificate ends soon');
  }
}
