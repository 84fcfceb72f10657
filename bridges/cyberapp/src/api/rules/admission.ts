import type { RequestToken, TokenVerifier } from '@fairlead/acronis';
import { Networks } from '@fairlead/kernel/access';
import { FairleadError } from '@fairlead/kernel/errors';
import { addressKey, type BanRule, type Limits } from '@fairlead/kernel/limits';
import type { CyberappSettings } from '../../config.ts';
import { CyberappError } from '../../errors.ts';
import { LIMIT_FACE } from '../../service/security/authenticator.ts';
import { Refused } from './step.ts';

const MINUTE = 60_000;
/** Of one request (cyberapp 7.3). */
const MOST_HEADERS = 100;
/** Of addresses that show no token of Acronis; who shows one is never banned: all partners come from there (cyberapp 7.4). */
const SOURCE_RULE: BanRule = { threshold: 20, windowMs: 10 * MINUTE, banMs: 60 * MINUTE, maxBanMs: 60 * MINUTE };

/** What is known of a request before its body. */
export interface RequestHead {
  readonly address: string;
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
  /** Bytes of the body as the head states them. */
  readonly length: number;
  /** How many headers there are. */
  readonly headers: number;
  /** Whether one that may be there once is there twice. */
  readonly repeated: boolean;
}

export interface AdmissionOptions {
  readonly settings: Pick<CyberappSettings, 'allow_from' | 'request_token' | 'max_body'>;
  readonly limits: Limits;
  readonly verifier: TokenVerifier;
}

/** Who may speak at all, from the head alone (cyberapp 2.11, steps 2 to 4). */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #allowed: Networks | undefined;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    const { allow_from: from } = options.settings;
    this.#allowed = from.length === 0 ? undefined : new Networks(from);
  }

  /** The token, where one was shown. Throws Refused. */
  async admit(head: RequestHead): Promise<RequestToken | undefined> {
    if (this.#allowed?.has(head.address) === false) throw new Refused('address', CyberappError('CYBERAPP_FORBIDDEN'));
    const problem = headProblem(head, this.#options.settings.max_body);
    const token = await this.#tokenOf(head, problem);
    if (problem !== undefined) throw problem;
    return token;
  }

  /** Counts who shows no token, whatever else is wrong with the request. */
  async #tokenOf({ authorization, address }: RequestHead, problem: Refused | undefined): Promise<RequestToken | undefined> {
    const { request_token: mode } = this.#options.settings;
    if (mode === 'off' || (mode === 'if_present' && authorization === undefined)) return undefined;
    const verdict = await this.#options.verifier.verify(authorization);
    if (verdict.ok) return verdict.token;
    if (verdict.problem === 'keys_unavailable')
      throw problem ?? new Refused('keys', CyberappError('CYBERAPP_KEYS_UNAVAILABLE', {}, { retryAfterS: verdict.retryAfterS }));
    await this.#refuseStranger(address);
    throw problem ?? new Refused('token', CyberappError('CYBERAPP_TOKEN_INVALID'), { reason: verdict.problem });
  }

  /** Counts a request without token; who has sent too many of them is not listened to for a while. */
  async #refuseStranger(address: string): Promise<void> {
    const key = `source:${addressKey(address)}`;
    try {
      await this.#options.limits.check(LIMIT_FACE, [key], SOURCE_RULE);
    } catch (error) {
      if (FairleadError.is(error, 'FAIRLEAD_BANNED'))
        throw new Refused('address', CyberappError('CYBERAPP_FORBIDDEN'), { reason: 'banned' });
      throw error;
    }
    await this.#options.limits.failed(LIMIT_FACE, [key], SOURCE_RULE);
  }
}

/** What of the head is no callback, in the order of cyberapp 2.11; undefined when nothing. */
function headProblem({ length, headers, repeated, contentType }: RequestHead, maxBody: number): Refused | undefined {
  const malformed = (reason: string) => CyberappError('CYBERAPP_MALFORMED', { reason });
  // Whoever it is: what is longer than any callback is not read.
  if (length > maxBody) return new Refused('size', CyberappError('CYBERAPP_TOO_LARGE'));
  if (headers > MOST_HEADERS) return new Refused('headers', malformed('The request has too many headers.'));
  if (repeated) return new Refused('headers', malformed('A header of the request is there twice.'));
  return isJson(contentType) ? undefined : new Refused('media_type', malformed('The content type must be application/json.'));
}

/** Exactly `application/json`, its charset absent or UTF-8 (cyberapp 2.2). */
function isJson(contentType: string | undefined): boolean {
  const [type = '', ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  return (
    type === 'application/json' && parameters.every((one) => /^charset="?utf-8"?$/.test(one) || (!one.startsWith('charset') && one !== ''))
  );
}
