import { parseApiBase } from '../codec/datacenter.ts';
import { Accounts } from './accounts.ts';
import { Alerts } from './alerts.ts';
import { Attempts } from './attempts.ts';
import { Breaker } from './breaker.ts';
import { Caller } from './caller.ts';
import { Exchange } from './exchange.ts';
import type { AcronisClientOptions } from './options.ts';
import { Pace } from './pace.ts';
import { ServerTime } from './server-time.ts';
import { TokenSource } from './token-source.ts';
import { Workloads } from './workloads.ts';

const REQUESTS_PER_SECOND = 5;
const BURST = 10;

/** One data center, with the API client of the CyberApp there. One for all workers: they share token, pace and pause. */
export class AcronisClient implements AsyncDisposable {
  readonly datacenter: string;
  readonly alerts: Alerts;
  readonly workloads: Workloads;
  readonly accounts: Accounts;
  readonly #exchange: Exchange;
  readonly #pace: Pace;
  readonly #breaker: Breaker;
  readonly #serverTime: ServerTime;
  readonly #tokens: TokenSource;

  /** @throws RangeError for an address that is none, or without TLS where private ones are not allowed */
  constructor(options: AcronisClientOptions) {
    const { datacenter: dc, clock, onAttempt, random = Math.random } = options;
    const url = parseApiBase(options.url);
    if (url === undefined || (options.allowPrivate !== true && !url.startsWith('https:'))) {
      throw new RangeError(`the address of the data center ${dc} is not https:// and a host`);
    }
    const { requestsPerSecond = REQUESTS_PER_SECOND, burst = BURST } = options;
    this.datacenter = dc;
    this.#serverTime = new ServerTime(clock);
    this.#exchange = new Exchange({ ...options, url }, this.#serverTime);
    this.#pace = new Pace({ dc, clock, requestsPerSecond, burst });
    this.#breaker = new Breaker(dc, clock);
    const attempts = new Attempts({ dc, exchange: this.#exchange, pace: this.#pace, breaker: this.#breaker, clock, onAttempt, random });
    this.#tokens = new TokenSource({ ...options, url }, attempts, this.#serverTime);
    const caller = new Caller(attempts, this.#tokens);
    this.alerts = new Alerts(caller, options.alertResource);
    this.workloads = new Workloads(caller, options.sendExternalId);
    this.accounts = new Accounts(caller);
  }

  /**
   * When it may be talked to again, ms since 1970; undefined while it may. Calls in the meantime throw unsent: ACRONIS_THROTTLED when it
   * asked for the pause, ACRONIS_UNREACHABLE when it failed ten times in a row.
   */
  get pausedUntil(): number | undefined {
    return this.#pace.pausedUntil ?? this.#breaker.openUntil;
  }

  /** Their clock minus ours, ms, as their answers tell. */
  get clockOffsetMs(): number {
    return this.#serverTime.offsetMs;
  }

  /** Fetches a token unless there is one. @throws ACRONIS_TOKEN_REFUSED, and what any call throws */
  async authenticate(signal?: AbortSignal): Promise<void> {
    await this.#tokens.get(signal);
  }

  /** Ends all connections; calls that are under way fail. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#exchange[Symbol.asyncDispose]();
  }
}
