import type { GatewayError } from '@fairlead/kernel/errors';
import type { Session } from '@fairlead/kernel/sessions';
import type { TokenData } from '../service/auth.ts';
import type { Parts } from '../service/parts.ts';
import { ownError } from './fault.ts';
import type { PlainCall, PlainRoute } from './plain-calls.ts';
import type { RawAnswer } from './route.ts';
import { bearerOf } from './rules/authenticate.ts';

/** What tools that use only the API ask for; they get the short form of errors (ovirt 3.1). */
const API_SCOPE = 'ovirt-app-api';
const VALIDATE = 'ovirt-ext=token-info:validate';
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+( +[\x21\x23-\x5b\x5d-\x7e]+)*$/;

/** The token service (ovirt 3.1–3.2). Every answer is JSON: SDKs read nothing else here. */
export function ssoRoutes(parts: Parts): readonly PlainRoute[] {
  const service = new TokenService(parts);
  const refuse = async () => problem(400, 'unsupported_grant_type', 'Only the grant type password is supported', true);
  return [
    { methods: ['POST'], path: '/sso/oauth/token', handle: (call) => service.token(call) },
    { methods: ['GET', 'POST'], path: '/sso/oauth/token-info', handle: (call) => service.info(call) },
    { methods: ['POST'], path: '/sso/oauth/revoke', handle: (call) => service.revoke(call) },
    { methods: ['POST'], path: '/services/sso-logout', handle: (call) => service.revoke(call) },
    { methods: ['GET', 'POST'], path: '/sso/oauth/authorize', handle: refuse },
    { methods: ['GET', 'POST'], path: '/sso/oauth/token-http-auth', handle: refuse },
  ];
}

class TokenService {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async token(call: PlainCall): Promise<RawAnswer> {
    const { form } = call;
    const scope = form.get('scope')?.trim() || API_SCOPE;
    const isApiOnly = scope === API_SCOPE;
    const grant = form.get('grant_type');
    if (grant === null) return problem(400, 'invalid_request', "Missing parameter: 'grant_type'", isApiOnly);
    if (grant !== 'password') return problem(400, 'unsupported_grant_type', 'Only the grant type password is supported', isApiOnly);
    const missing = ['username', 'password'].find((name) => !form.get(name));
    if (missing !== undefined) return problem(400, 'invalid_request', `Missing parameter: '${missing}'`, isApiOnly);
    if (scope.length > 1024 || !SCOPE.test(scope)) return problem(400, 'invalid_scope', 'The scope cannot be read', isApiOnly);
    try {
      const credential = {
        user: form.get('username') ?? '',
        password: form.get('password') ?? '',
        address: call.address,
        signal: call.signal,
      };
      const identity = await this.#parts.auth.login(credential);
      const { token, session } = await this.#parts.auth.issueToken({ identity, scope, clientId: form.get('client_id') ?? '' });
      return json(200, this.#issued(token, session));
    } catch (error) {
      return this.#refusal(ownError(error), isApiOnly);
    }
  }

  async info(call: PlainCall): Promise<RawAnswer> {
    const token = call.form.get('token') ?? bearerOf(call.headers);
    const session = token === undefined ? undefined : await this.#parts.auth.token(token);
    if (session === undefined) return json(400, { error: 'invalid_grant', error_description: 'The token is not valid or has ended' });
    if (call.form.get('scope')?.split(' ').includes(VALIDATE)) return json(200, {});
    return json(200, tokenInfo(session));
  }

  /** Ending what has ended already is no error. */
  async revoke(call: PlainCall): Promise<RawAnswer> {
    const token = call.form.get('token') ?? bearerOf(call.headers);
    if (token !== undefined && token !== '') await this.#parts.auth.revokeToken(token);
    return json(200, {});
  }

  /** `exp` in ms as text, as the engine has it; the promise is the idle hour only (ovirt 3.1). */
  #issued(token: string, session: Session<TokenData>): object {
    const seconds = Math.floor((session.expiresMs - this.#parts.context.clock.now()) / 1000);
    return { access_token: token, scope: session.data.scope, exp: String(session.expiresMs), token_type: 'bearer', expires_in: seconds };
  }

  #refusal(error: GatewayError, isApiOnly: boolean): RawAnswer {
    const { log } = this.#parts.context;
    if (error.code === 'OVIRT_LOGIN_REFUSED') return problem(isApiOnly ? 400 : 401, 'access_denied', error.publicText, isApiOnly);
    if (error.status === 429)
      return problem(429, 'access_denied', error.publicText, isApiOnly, { 'retry-after': String(error.retryAfterS ?? 60) });
    if (error.blame === 'caller') return problem(400, 'access_denied', error.publicText, isApiOnly);
    log.warn({ err: error }, 'login failed upstream');
    return problem(error.status, 'server_error', error.publicText, isApiOnly);
  }
}

function tokenInfo({ data, expiresMs, subject }: Session<TokenData>): object {
  const { identity, scope, clientId } = data;
  return {
    active: true,
    token_type: 'bearer',
    client_id: clientId,
    user_id: subject,
    user_authz: identity.profile,
    scope,
    exp: String(expiresMs),
    ovirt: {
      version: '0',
      principal_id: identity.subject,
      email: '',
      namespace: '*',
      first_name: '',
      last_name: '',
      group_ids: [],
      capability_credentials_change: false,
    },
  };
}

/** Two shapes for two kinds of clients (ovirt 3.1). */
function problem(status: number, code: string, text: string, isApiOnly: boolean, headers: Record<string, string> = {}): RawAnswer {
  return json(status, isApiOnly ? { error_code: code, error: text } : { error: code, error_description: text }, headers);
}

function json(status: number, body: object, headers: Record<string, string> = {}): RawAnswer {
  return { status, raw: { contentType: 'application/json', body: JSON.stringify(body), headers } };
}
