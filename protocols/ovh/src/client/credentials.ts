import {
  type AccessRule,
  type AccessRules,
  type CredentialRequestOptions,
  credentialRequest,
  grantingRule,
  READ_WRITE,
} from '../auth/rules.ts';
import { ApiError } from '../errors/api-error.ts';
import { WaitFailedError } from '../errors/errors.ts';
import type { Clock } from './clock.ts';
import type { CallOptions, Pending } from './options.ts';
import type { Calls } from './paginate.ts';
import { type PollOptions, poll } from './poll.ts';

export type CredentialStatus = 'pendingValidation' | 'validated' | 'refused' | 'expired';

/** `api.Credential` of the API. */
export interface Credential {
  readonly credentialId: number;
  readonly applicationId: number;
  readonly status: CredentialStatus;
  readonly creation: string;
  readonly expiration: string | null;
  readonly lastUse: string | null;
  readonly ovhSupport: boolean;
  readonly allowedIPs: readonly string[] | null;
  readonly rules: readonly AccessRule[];
}

/** `api.Application` of the API. */
export interface Application {
  readonly applicationId: number;
  readonly applicationKey: string;
  readonly name: string;
  readonly description: string;
  readonly status: 'active' | 'inactive' | 'blocked' | 'trusted';
}

/** `GET /auth/details`: who we are, whichever way we authenticate. */
export interface AuthDetails {
  readonly account: string;
  readonly method: string;
  readonly user: string | null;
  readonly roles: readonly string[];
  readonly identities: readonly string[];
  readonly description: string;
  readonly allowedRoutes: readonly AccessRule[] | null;
}

export interface KeyRequest extends CredentialRequestOptions {
  /** At least one. */
  readonly rules: AccessRules | readonly AccessRule[];
  /** `false`: the key is not loaded into this client. */
  readonly use?: boolean | undefined;
  /** Called with the key, to keep it. */
  readonly store?: ((consumerKey: string) => Promise<void> | void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface RequestedCredential {
  readonly consumerKey: string;
  /** To be opened in a browser by somebody who may grant this. */
  readonly validationUrl: string;
  readonly state: CredentialStatus;
}

/** Why a call is refused, from the rules of the current key. */
export interface Explanation {
  readonly allowed: boolean;
  /** The rule that would allow this call and no more; undefined where it is allowed. */
  readonly missing: AccessRule | undefined;
  readonly rules: readonly AccessRule[];
  /** For people. */
  readonly text: string;
}

export interface CredentialParts {
  readonly calls: Calls;
  readonly clock: Clock;
  readonly useConsumerKey: (consumerKey: string) => void;
}

/** Consumer keys: how to get one, what the current one may do, and those of the account (spec 3.12). */
export class Credentials {
  readonly #parts: CredentialParts;

  constructor(parts: CredentialParts) {
    this.#parts = parts;
  }

  /** Asks for a consumer key and, unless told otherwise, loads it. It works once the validation URL was opened and agreed to. */
  async request(request: KeyRequest): Promise<RequestedCredential> {
    const body = credentialRequest(request.rules, request);
    const options: CallOptions = { body, auth: false, signal: request.signal };
    const answer = await this.#parts.calls.request<RequestedCredential | null>('POST', '/auth/credential', options);
    const consumerKey = answer?.consumerKey;
    if (answer === null || typeof consumerKey !== 'string' || consumerKey === '') {
      throw new WaitFailedError('The answer of /auth/credential has no consumerKey', 'unknown');
    }
    if (request.use !== false) this.#parts.useConsumerKey(consumerKey);
    await request.store?.(consumerKey);
    return answer;
  }

  /** Of the consumer key in use. */
  current(options?: CallOptions): Pending<Credential> {
    return this.#parts.calls.request('GET', '/auth/currentCredential', options);
  }

  /** Who we are: works with every way to authenticate. */
  details(options?: CallOptions): Pending<AuthDetails> {
    return this.#parts.calls.request('GET', '/auth/details', options);
  }

  /** Ends the consumer key in use. */
  logout(options?: CallOptions): Pending<null> {
    return this.#parts.calls.request('POST', '/auth/logout', options);
  }

  /**
   * Waits until somebody has agreed. Defaults: every 2 s, 10 minutes.
   * Throws WaitFailedError where it was refused or has expired, TimeoutError of phase `wait`, and NotCredentialError for a key
   * that does not exist. Whether a pending key may be read depends on the API: other refusals count as "not yet".
   */
  waitUntilValidated(options: PollOptions = {}): Promise<Credential> {
    const { interval = 2000, timeout = 600_000, signal } = options;
    let wasPending = false;
    const ask = async (): Promise<Credential | undefined> => {
      const credential = await this.current({ signal }).catch((error: unknown) => notYet(error, wasPending));
      wasPending ||= credential !== undefined;
      if (credential?.status === 'validated') return credential;
      if (credential?.status === 'refused' || credential?.status === 'expired') {
        throw new WaitFailedError(`The consumer key was not validated: it is ${credential.status}`, credential.status);
      }
      return undefined;
    };
    return poll('The validation of the consumer key', ask, this.#parts.clock, { interval, timeout, signal });
  }

  /** Compares the rules of the key in use with a call: which one is missing? `path` may be a route with `{variables}`. */
  async explainDenied(method: string, path: string, options?: CallOptions): Promise<Explanation> {
    const { rules } = await this.current(options);
    const verb = method.trim().toUpperCase();
    const route = ruleForm(path);
    if (grantingRule(rules, verb, path) !== undefined) {
      const text = `${verb} ${route} is granted by the consumer key; the refusal has another reason (IAM, or the state of the service).`;
      return { allowed: true, missing: undefined, rules, text };
    }
    const others = READ_WRITE.filter((other) => grantingRule(rules, other, path) !== undefined);
    const near = others.length === 0 ? 'No rule covers the path' : `The path is covered for ${others.join(', ')} only`;
    const text = `${near}: request a consumer key with the rule ${verb} ${route}. The rules of a key cannot be changed.`;
    return { allowed: false, missing: { method: verb, path: route }, rules, text };
  }

  /** Ids of the account's credentials. */
  list(filter: { readonly status?: CredentialStatus; readonly applicationId?: number } = {}, options?: CallOptions): Pending<number[]> {
    return this.#parts.calls.request('GET', '/me/api/credential', { ...options, query: { ...filter } });
  }

  get(credentialId: number, options?: CallOptions): Pending<Credential> {
    return this.#of('GET', credentialId, options);
  }

  update(credentialId: number, change: { readonly allowedIPs: readonly string[] }, options?: CallOptions): Pending<null> {
    return this.#of('PUT', credentialId, { ...options, body: { allowedIPs: change.allowedIPs } });
  }

  revoke(credentialId: number, options?: CallOptions): Pending<null> {
    return this.#of('DELETE', credentialId, options);
  }

  #of<T>(method: string, credentialId: number, options?: CallOptions): Pending<T> {
    return this.#parts.calls.request(method, '/me/api/credential/{credentialId}', { ...options, path: { credentialId } });
  }
}

/** Applications of the account; deleting one revokes all its credentials. */
export class Applications {
  readonly #calls: Calls;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  list(options?: CallOptions): Pending<number[]> {
    return this.#calls.request('GET', '/me/api/application', options);
  }

  get(applicationId: number, options?: CallOptions): Pending<Application> {
    return this.#calls.request('GET', '/me/api/application/{applicationId}', { ...options, path: { applicationId } });
  }

  delete(applicationId: number, options?: CallOptions): Pending<null> {
    return this.#calls.request('DELETE', '/me/api/application/{applicationId}', { ...options, path: { applicationId } });
  }
}

/** Where a pending key could be read, one that is not valid is pending no more. */
function notYet(error: unknown, wasPending: boolean): undefined {
  if (wasPending && error instanceof ApiError && error.code === 'OVH_INVALID_CREDENTIAL') {
    throw new WaitFailedError('The consumer key was not validated: it was refused, or has expired', 'refused');
  }
  const pending = error instanceof ApiError && (error.status === 403 || error.status === 401) && error.code !== 'OVH_NOT_CREDENTIAL';
  if (!pending || error.code === 'OVH_INVALID_KEY') throw error;
  return undefined;
}

/** As a rule is written that grants this call and no more; of v2 with its prefix, since how those are written is not documented. */
function ruleForm(path: string): string {
  const route = (path.startsWith('/') ? path : `/${path}`).replace(/\?.*$/s, '').replace(/\{[^{}/]*\}/g, '*');
  return route.replace(/^\/(?:1\.0|v1)(?=\/)/, '');
}
