import type { GatewayError } from '@fairlead/kernel/errors';
import type { JsonObject } from '../codec/read.ts';
import type { Attempts, Call, CallResult } from './attempts.ts';
import { withoutSecrets } from './outcome.ts';
import type { TokenSource } from './token-source.ts';

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const WORKLOADS = `workload_management/v5/workloads\\?workload_id=(?:${UUID}|or\\(${UUID}(?:%2C${UUID})+\\))`;
/** The only things that are ever deleted: one alert, or workloads that are named one by one. */
const DELETABLE = new RegExp(`^/api/(?:alert_manager/v1/alerts/${UUID}|${WORKLOADS})$`);

/** Calls with the token of the data center. */
export class Caller {
  readonly #attempts: Attempts;
  readonly #tokens: TokenSource;

  constructor(attempts: Attempts, tokens: TokenSource) {
    this.#attempts = attempts;
    this.#tokens = tokens;
  }

  /** The body of a success; `{}` for one without. @throws the error of its class */
  async call(call: Call): Promise<JsonObject> {
    if (call.method === 'DELETE' && !DELETABLE.test(call.path)) throw new RangeError('nothing is deleted without naming it');
    const first = await this.#attempt(call);
    // The token ran out, or was revoked: a 401 means that nothing was carried out.
    const result = !first.ok && first.failure.kind === 'token' ? await this.#attempt(call) : first;
    if (result.ok) return result.value;
    throw this.#attempts.error(call, result.failure);
  }

  /** The id of our API client, as the current token has it. */
  async clientId(signal: AbortSignal | undefined): Promise<string> {
    return (await this.#tokens.get(signal)).clientId;
  }

  /** The error for an answer that is JSON but not what `call` answers. */
  unusable(call: Pick<Call, 'name'>, reason: string): GatewayError {
    return this.#attempts.error(call, { kind: 'protocol', reason });
  }

  async #attempt(call: Call): Promise<CallResult> {
    const token = await this.#tokens.get(call.signal);
    const result = await this.#attempts.run(call, { authorization: `Bearer ${token.value}` });
    if (!result.ok && result.failure.kind === 'token') this.#tokens.reject(token);
    return result.ok ? result : { ok: false, failure: withoutSecrets(result.failure, token.secrets) };
  }
}
