import { randomInt } from 'node:crypto';
import type { BridgeContext } from '@fairlead/kernel/lifecycle';
import { isOvhError } from '@fairlead/ovh';
import { cleanText } from '../map/text.ts';
import type { CheckRows } from '../store/checks.ts';
import type { CheckRow } from '../store/tables.ts';
import type { Accounts, LiveAccount } from './accounts.ts';
import { isDue } from './due.ts';
import { failureOf } from './failure.ts';
import { type KeyState, keyState } from './state.ts';

export interface KeyCheckParts {
  readonly context: BridgeContext;
  readonly accounts: Accounts;
  readonly checks: CheckRows;
  /** A key that ends within this is told. */
  readonly expiryMs: () => number;
}

const EVERY_MS = 6 * 3_600_000;
const LIMIT_MS = 60_000;
const DAY_MS = 86_400_000;

/** Asks OVHcloud what the keys of the accounts are worth and when they end. */
export class KeyCheck {
  readonly #parts: KeyCheckParts;

  constructor(parts: KeyCheckParts) {
    this.#parts = parts;
  }

  /** Looks at every account that is due. Rejects only when the store does, or with the reason of the signal. */
  async runDue(signal: AbortSignal): Promise<void> {
    const { accounts, checks, context } = this.#parts;
    const rows = new Map((await checks.all()).filter((row) => row.part === 'key').map((row) => [row.account, row]));
    const now = context.clock.now();
    const due = accounts.all.filter((one) => isDue(rows.get(one.name), { ...one, everyMs: EVERY_MS }, now));
    const ended = await Promise.allSettled(due.map((one) => this.#check(one, rows.get(one.name), signal)));
    signal.throwIfAborted();
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
  }

  async #check(account: LiveAccount, former: CheckRow | undefined, signal: AbortSignal): Promise<void> {
    const { context, accounts, checks } = this.#parts;
    const started = context.clock.now();
    const before = keyState(former);
    const found = await askKey(account, AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)])).catch((error: unknown): KeyState => {
      // Its end is as it was: only the answer is missing.
      const { failure: _failure, ...known } = before;
      return { ...known, failure: failureOf(error, account.scrubber) };
    });
    signal.throwIfAborted();
    if (!accounts.has(account)) return;
    const state = this.#told(account.name, before, found);
    await checks.put({
      ...{ account: account.name, part: 'key', identity: account.identities[0] ?? '', started_ms: started },
      ...{ ended_ms: context.clock.now(), jitter: randomInt(1000), state: JSON.stringify(state) },
      failures: state.failure === undefined ? 0 : (former?.failures ?? 0) + 1,
    });
  }

  /** Tells an end that is near once a day, and a refusal when it is a new one. */
  #told(account: string, before: KeyState, found: KeyState): KeyState {
    const { context, expiryMs } = this.#parts;
    const { log, clock } = context;
    const { failure, endsMs } = found;
    if (failure !== undefined && failure.code !== before.failure?.code)
      log.warn({ account, ...failure }, 'the key of an account is not confirmed');
    const leftMs = endsMs === undefined ? Number.POSITIVE_INFINITY : endsMs - clock.now();
    const today = new Date(clock.now()).toISOString().slice(0, 10);
    if (leftMs > expiryMs()) return found;
    if (before.warnedOn !== today) {
      const ends = new Date(endsMs ?? 0).toISOString();
      log.warn(
        { account, ends, days: Math.floor(leftMs / DAY_MS) },
        'the consumer key of an account ends soon; ask for a new one and have it validated',
      );
    }
    return { ...found, warnedOn: today };
  }
}

async function askKey({ client }: LiveAccount, signal: AbortSignal): Promise<KeyState> {
  const { method } = client.config.auth;
  // Who we are is for people: a key whose owner hides that is as good.
  const details = client.credentials.details({ signal }).then(
    ({ account }) => cleanText(account, 64),
    (error: unknown) => {
      if (method !== 'application' || !isOvhError(error)) throw error;
      return undefined;
    },
  );
  if (method !== 'application') {
    const actsAs = await details;
    return { status: method === 'oauth2' ? 'service account' : method, ...(actsAs !== undefined && { actsAs }) };
  }
  const [credential, actsAs] = await Promise.all([client.credentials.current({ signal }), details]);
  const endsMs = Date.parse(String(credential?.expiration ?? ''));
  const status = cleanText(String(credential?.status ?? 'unknown'), 64) ?? 'unknown';
  return { status, ...(!Number.isNaN(endsMs) && { endsMs }), ...(actsAs !== undefined && { actsAs }) };
}
