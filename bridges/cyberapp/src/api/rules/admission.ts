import type { RequestToken, TokenVerifier } from '@fairlead/acronis';
import { Networks } from '@fairlead/kernel/access';
import { FairleadError } from '@fairlead/kernel/errors';
import { addressKey, type BanRule, type Limits } from '@fairlead/kernel/limits';
import type { CyberappSettings } from '../../config.ts';
import { CyberappError } from '../../errors.ts';
import { LIMIT_FACE } from '../../service/security/authenticator.ts';
import { Refused } from './step.ts';

const MINUTE = 60_000;
/** Of addresses that show no token of Acronis; who shows one is never banned: all partners come from there (cyberapp 7.4). */
const SOURCE_RULE: BanRule = { threshold: 20, windowMs: 10 * MINUTE, banMs: 60 * MINUTE, maxBanMs: 60 * MINUTE };

/** What is known of a request before its body. */
export interface RequestHead {
  readonly address: string;
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
  /** How often the request bears each of the headers that may be there once. */
  readonly repeated: boolean;
}

export interface AdmissionOptions {
  readonly settings: Pick<CyberappSettings, 'allow_from' | 'request_token'>;
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

  /** The token, where one was shown. Throws Refused: with `hangUp` nothing more is read of the connection. */
  async admit(head: RequestHead): Promise<RequestToken | undefined> {
    if (this.#allowed?.has(head.address) === false) throw new Refused('address', CyberappError('CYBERAPP_FORBIDDEN'));
    const token = await this.#tokenOf(head);
    if (head.repeated)
      throw new Refused('headers', CyberappError('CYBERAPP_MALFORMED', { reason: 'A header of the request is there twice.' }));
    if (!isJson(head.contentType))
      throw new Refused('media_type', CyberappError('CYBERAPP_MALFORMED', { reason: 'The content type must be application/json.' }));
    return token;
  }

  async #tokenOf({ authorization, address }: RequestHead): Promise<RequestToken | undefined> {
    const { request_token: mode } = this.#options.settings;
    if (mode === 'off' || (mode === 'if_present' && authorization === undefined)) return undefined;
    const verdict = await this.#options.verifier.verify(authorization);
    if (verdict.ok) return verdict.token;
    if (verdict.problem === 'keys_unavailable')
      throw new Refused('keys', CyberappError('CYBERAPP_KEYS_UNAVAILABLE', {}, { retryAfterS: verdict.retryAfterS }));
    await this.#refuseStranger(address);
    throw new Refused('token', CyberappError('CYBERAPP_TOKEN_INVALID'), { reason: verdict.problem });
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

/** Exactly `application/json`, its charset absent or UTF-8 (cyberapp 2.2). */
function isJson(contentType: string | undefined): boolean {
  const [type = '', ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  return (
    type === 'application/json' && parameters.every((one) => /^charset="?utf-8"?$/.test(one) || (!one.startsWith('charset') && one !== ''))
  );
}
