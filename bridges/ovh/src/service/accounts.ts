import type { Clock } from '@fairlead/kernel/clock';
import type { BridgeContext } from '@fairlead/kernel/lifecycle';
import { type Log, Scrubber } from '@fairlead/kernel/log';
import type { InstrumentsOf } from '@fairlead/kernel/metrics';
import { createClient, isOvhError, type OvhClient } from '@fairlead/ovh';
import type { RecordKind } from '@fairlead/ovh/inventory';
import { type OvhAccount, unusable } from '../accounts.ts';
import type { ovhMetrics } from '../metrics.ts';
import { BELIEVED_MS } from './clock-watch.ts';

/** An account that is in use. */
export interface LiveAccount {
  readonly name: string;
  readonly client: OvhClient;
  readonly kinds: readonly RecordKind[];
  /** Digests of endpoint, keys and kinds: the first under the current server secret. */
  readonly identities: readonly string[];
  /** When this gateway took it from the configuration. */
  readonly takenMs: number;
  /** Knows the secrets of all accounts: an answer may repeat what was sent. */
  readonly scrubber: Scrubber;
}

export interface AccountsParts {
  readonly context: BridgeContext;
  readonly instruments: InstrumentsOf<typeof ovhMetrics>;
}

const CONNECT_MS = 10_000;
const ANSWER_MS = 60_000;
const MOST_BYTES = 16 * 1024 ** 2;

/** The accounts of the configuration, with a client each. */
export class Accounts implements Disposable {
  readonly #parts: AccountsParts;
  readonly #scrubber = new Scrubber();
  #live: ReadonlyMap<string, LiveAccount> = new Map();

  constructor(parts: AccountsParts) {
    this.#parts = parts;
  }

  get all(): readonly LiveAccount[] {
    return [...this.#live.values()];
  }

  get names(): readonly string[] {
    return [...this.#live.keys()];
  }

  /** Whether this very one is still in use. */
  has(account: LiveAccount): boolean {
    return this.#live.get(account.name) === account;
  }

  /** Takes these instead of the former ones, of which those stay that are the same. Throws `OVH_BRIDGE_ACCOUNT`, and then all stays as it was. */
  take(accounts: readonly OvhAccount[]): void {
    const made = accounts.map((account) => this.#make(account));
    const former = this.#live;
    this.#live = new Map(made.map((one) => [one.name, this.#sameAs(one) ?? one]));
    for (const one of [...made, ...former.values()]) if (!this.has(one)) one.client.close();
  }

  [Symbol.dispose](): void {
    for (const { client } of this.all) client.close();
  }

  #sameAs(made: LiveAccount): LiveAccount | undefined {
    const former = this.#live.get(made.name);
    return former !== undefined && former.identities[0] === made.identities[0] ? former : undefined;
  }

  #make({ name, options, kinds }: OvhAccount): LiveAccount {
    const { context, instruments } = this.#parts;
    const { clock, secrets, log } = context;
    try {
      const client = createClient({
        ...options,
        clock: timeOf(clock),
        timeouts: { connect: CONNECT_MS, headers: ANSWER_MS, body: ANSWER_MS },
        maxResponseBytes: MOST_BYTES,
        timeTtl: BELIEVED_MS,
        userAgent: 'fairlead',
        hooks: hooksOf(name, log, instruments),
      });
      const hidden = secretsOf(client);
      for (const scrubber of [this.#scrubber, context.scrubber]) scrubber?.add(...hidden);
      for (const { message } of client.config.warnings) log.warn({ account: name, warning: message }, 'the keys of an account');
      const { proxy, tls } = options;
      const text = JSON.stringify([client.endpoint, client.config.auth.method, hidden, kinds, proxy, tls, client.config.headers]);
      return { name, client, kinds, scrubber: this.#scrubber, identities: secrets.digests('ovh.account', text), takenMs: clock.now() };
    } catch (error) {
      throw isOvhError(error) ? unusable(name, error.message) : error;
    }
  }
}

/** What no log may show. */
function secretsOf({ config: { auth } }: OvhClient): readonly string[] {
  if (auth.method === 'application')
    return [auth.applicationKey, auth.applicationSecret, auth.consumerKey].flatMap((one) => one?.reveal() ?? []);
  if (auth.method === 'oauth2') return [auth.clientId.reveal(), auth.clientSecret.reveal()];
  return auth.method === 'token' && typeof auth.accessToken !== 'function' ? [auth.accessToken.reveal()] : [];
}

function hooksOf(account: string, log: Log, { calls, errors }: AccountsParts['instruments']) {
  return {
    afterResponse: ({ method, url, status, queryId, durationMs }: Answer) => {
      calls.observe({ account, outcome: outcomeOf(status) }, durationMs / 1000);
      log.debug({ account, method, url, status, queryId }, 'call');
    },
    onError: (error: unknown) => {
      if (isOvhError(error)) errors.add({ account, code: error.code });
    },
  };
}

interface Answer {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly queryId: string | undefined;
  readonly durationMs: number;
}

function outcomeOf(status: number): 'ok' | 'refused' | 'failed' {
  if (status < 400) return 'ok';
  return status < 500 ? 'refused' : 'failed';
}

function timeOf(clock: Clock) {
  return {
    now: () => clock.now(),
    monotonic: () => performance.now(),
    sleep: (ms: number, signal?: AbortSignal) => clock.sleep(ms, signal),
  };
}
