import { randomBytes, randomUUID } from 'node:crypto';
import type { Cloud } from './cloud.ts';
import type { User } from './model.ts';

/** A login session. */
export interface Session {
  readonly id: string;
  readonly key: string;
  readonly user: User;
  lastUsed: number;
}

/** `session.timeout` in seconds. */
const TIMEOUT_S = 1800;

/** Login sessions: all of cookie, cookie and parameter must fit, else the session ends (ovirt spec 9.2). */
export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #cloud: Cloud;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  open(user: User): Session {
    const session = {
      id: `node0${randomUUID().replaceAll('-', '')}`,
      key: randomBytes(20).toString('base64url'),
      user,
      lastUsed: this.#cloud.clock.now(),
    };
    this.#sessions.set(session.id, session);
    return session;
  }

  /** The session when everything fits; otherwise it is ended and undefined given. */
  use(cookies: ReadonlyMap<string, string>, sessionKey: string | undefined): Session | undefined {
    const id = cookies.get('JSESSIONID') ?? '';
    const session = this.#sessions.get(id);
    if (session === undefined) return undefined;
    const now = this.#cloud.clock.now();
    const fits = session.key === sessionKey && session.key === cookies.get('sessionkey') && now - session.lastUsed <= TIMEOUT_S * 1000;
    if (fits) session.lastUsed = now;
    else this.#sessions.delete(id);
    return fits ? session : undefined;
  }

  end(session: Session): void {
    this.#sessions.delete(session.id);
  }

  get count(): number {
    return this.#sessions.size;
  }

  /** `loginresponse`; its flags and `type` are strings. */
  view(session: Session): object {
    const { user } = session;
    const { account } = user;
    return {
      username: user.username,
      userid: user.id,
      domainid: account.domain.id,
      timeout: TIMEOUT_S,
      account: account.name,
      firstname: user.username,
      lastname: 'Example',
      type: String(account.type),
      timezone: 'UTC',
      timezoneoffset: '0.0',
      registered: 'false',
      sessionkey: session.key,
      is2faenabled: 'false',
      is2faverified: 'true',
      issuerfor2fa: 'CloudStack',
      ...(account.type === 1 ? { managementserverid: this.#cloud.managementServerId } : {}),
    };
  }
}
