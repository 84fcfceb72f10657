import type { Clock } from '@fairlead/kernel/clock';
import type { GatewayError } from '@fairlead/kernel/errors';
import type { UpstreamRequest } from '@fairlead/kernel/upstream';
import type { JsonObject } from '../codec/read.ts';
import type { Breaker } from './breaker.ts';
import { classify, type Expectation } from './classify.ts';
import type { Exchange } from './exchange.ts';
import type { Attempt } from './options.ts';
import { type AcronisClass, type Failure, failureError } from './outcome.ts';
import type { Pace } from './pace.ts';

/** One call of the API. */
export interface Call extends Expectation {
  /** For errors and metrics: holds no id. */
  readonly name: string;
  readonly method: UpstreamRequest['method'];
  /** With its query. */
  readonly path: string;
  /** A second one of a `create` may make a second thing. */
  readonly effect: 'create' | 'repeatable';
  readonly body?: string;
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
}

export type CallResult = { readonly ok: true; readonly value: JsonObject } | { readonly ok: false; readonly failure: Failure };

export interface AttemptsOptions {
  readonly dc: string;
  readonly exchange: Exchange;
  readonly pace: Pace;
  readonly breaker: Breaker;
  readonly clock: Clock;
  readonly onAttempt: ((attempt: Attempt) => void) | undefined;
  readonly random: () => number;
}

/** Nothing was carried out: any call may be sent again at once. */
const HARMLESS: ReadonlySet<AcronisClass> = new Set(['unreachable', 'throttled']);
/** Something may have been carried out: only calls that may be repeated are. */
const UNCERTAIN: ReadonlySet<AcronisClass> = new Set(['ambiguous', 'server', 'protocol']);
const ATTEMPTS = 3;
const BACK_OFF_MS = 1000;

/** Sends a call until it has an outcome that another attempt would not change (CyberApp 4.11). */
export class Attempts {
  readonly #options: AttemptsOptions;

  constructor(options: AttemptsOptions) {
    this.#options = options;
  }

  /** @throws ACRONIS_THROTTLED while the data center is paused, ACRONIS_UNREACHABLE while it counts as down; other failures are results */
  async run(call: Call, headers: Readonly<Record<string, string>>): Promise<CallResult> {
    for (let attempt = 1; ; attempt += 1) {
      const result = await this.#once(call, headers);
      if (result.ok || attempt >= ATTEMPTS || !repeats(result.failure, call.effect)) return result;
      await this.#options.clock.sleep(this.#options.random() * BACK_OFF_MS * attempt, call.signal);
    }
  }

  error(call: Pick<Call, 'name'>, failure: Failure): GatewayError {
    return failureError(failure, this.#options.dc, call.name);
  }

  async #once(call: Call, headers: Readonly<Record<string, string>>): Promise<CallResult> {
    const { pace, breaker } = this.#options;
    await pace.turn(call.name, call.signal);
    breaker.enter(call.name);
    let result: CallResult | undefined;
    try {
      result = await this.#send(call, headers);
      return result;
    } finally {
      breaker.leave(result === undefined ? undefined : outcomeOf(result));
    }
  }

  async #send(call: Call, headers: Readonly<Record<string, string>>): Promise<CallResult> {
    const { pace, exchange, onAttempt } = this.#options;
    const began = performance.now();
    const { method, path, body } = call;
    const answer = await exchange.send({ method, path, headers: headersOf(call, headers), body }, call.signal);
    const result = classify(answer, call);
    onAttempt?.({ call: call.name, outcome: outcomeOf(result), ms: performance.now() - began });
    if (!result.ok && result.failure.retryAfterS !== undefined) pace.pause(result.failure.retryAfterS);
    return result;
  }
}

function outcomeOf(result: CallResult): 'ok' | AcronisClass {
  return result.ok ? 'ok' : result.failure.kind;
}

/** What was told to wait is not repeated here: the whole data center waits. */
function repeats({ kind, retryAfterS }: Failure, effect: Call['effect']): boolean {
  if (retryAfterS !== undefined) return false;
  return HARMLESS.has(kind) || (effect === 'repeatable' && UNCERTAIN.has(kind));
}

function headersOf({ body, contentType }: Call, more: Readonly<Record<string, string>>): Record<string, string> {
  const type = body === undefined ? {} : { 'content-type': contentType ?? 'application/json' };
  return { accept: 'application/json', 'user-agent': 'Fairlead CyberApp', ...type, ...more };
}
