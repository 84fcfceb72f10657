import type { CscpClient } from '@fairlead/cscp';
import type { Operation } from '@fairlead/cscp/codec';
import { CceError } from '../../errors.ts';
import type { Identity } from '../backend.ts';

/** The password of a user in whose name the gateway acts, or undefined when it has none. */
export type ServiceCredentials = (user: string) => Promise<string | undefined>;

/** Makes connections bear an identity. */
export class Authentication {
  readonly #credentials: ServiceCredentials;
  /** Session ids of service users, so that a new connection makes no new session. */
  readonly #sessions = new Map<string, string>();

  constructor(credentials: ServiceCredentials) {
    this.#credentials = credentials;
  }

  /** Answers the OID that the connection acts for from now on. Throws `CCE_LOGIN_FAILED`. */
  async take(client: CscpClient, identity: Identity, signal: AbortSignal): Promise<string> {
    switch (identity.kind) {
      case 'anonymous':
        return becomeNobody(client, signal);
      case 'session':
        return accepted(await logInAs(client, { verb: 'AUTHKEY', user: identity.user, sessionId: identity.sessionId }, signal));
      case 'password':
        return accepted(await logInAs(client, { verb: 'AUTH', user: identity.user, password: identity.password }, signal));
      case 'service':
        return this.#takeService(client, identity.user, signal);
    }
  }

  /** A session that was lost is replaced without a word (cce 7.3). */
  async #takeService(client: CscpClient, user: string, signal: AbortSignal): Promise<string> {
    const sessionId = this.#sessions.get(user);
    const again = sessionId === undefined ? undefined : await logInAs(client, { verb: 'AUTHKEY', user, sessionId }, signal);
    if (again?.oid !== undefined) return again.oid;
    const password = await this.#credentials(user);
    if (password === undefined) throw CceError('CCE_LOGIN_FAILED');
    const login = await logInAs(client, { verb: 'AUTH', user, password }, signal);
    const oid = accepted(login);
    if (login.sessionId === undefined) throw CceError('CCE_SESSION_ID_MISSING');
    this.#sessions.set(user, login.sessionId);
    return oid;
  }
}

/** A cced gives every connection of root all rights until the first AUTH (cce 1.1): who showed no credentials must not have them. */
async function becomeNobody(client: CscpClient, signal: AbortSignal): Promise<string> {
  const { end } = await client.execute({ verb: 'AUTH', user: '', password: '' }, { signal });
  if (end !== 201) throw CceError('CCE_LOGIN_FAILED');
  return '-1';
}

interface Login {
  /** Undefined when the login was refused. */
  readonly oid?: string | undefined;
  readonly sessionId?: string | undefined;
}

/** AUTH with an empty user succeeds as nobody (cce 1.7), which is no login. */
export async function logInAs(
  client: CscpClient,
  operation: Operation & { readonly verb: 'AUTH' | 'AUTHKEY' },
  signal: AbortSignal,
): Promise<Login> {
  const reply = operation.user === '' ? undefined : await client.execute(operation, { signal });
  if (reply?.end !== 201) return {};
  const whoami = await client.execute({ verb: 'WHOAMI' }, { signal });
  const [oid] = whoami.lines.flatMap((line) => (line.code === 104 && line.oid !== '-1' ? [line.oid] : []));
  return { oid, sessionId: reply.lines.flatMap((line) => (line.code === 109 ? [line.sessionId] : []))[0] };
}

function accepted({ oid }: Login): string {
  if (oid === undefined) throw CceError('CCE_LOGIN_FAILED');
  return oid;
}
