import { isRecord } from './answer.ts';
import { encodeForm, type Pairs } from './auth.ts';
import { type CallContext, callWithRetries } from './calls.ts';
import type { CallOptions } from './client.ts';
import { CloudStackError } from './errors.ts';
import { type Params, toPairs } from './params.ts';
import { readLogin, type SessionUser } from './schema/login.ts';
import { Transport, type TransportOptions } from './transport.ts';
import { type CloudStackClock, systemClock } from './wait.ts';

/** Who logs in, and where. */
export interface LoginOptions extends TransportOptions {
  readonly username: string;
  readonly password: string;
  /** Domain path with or without slashes or a leading `ROOT`; empty or absent means the root domain. */
  readonly domain?: string | undefined;
  readonly clock?: CloudStackClock | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Total time of the login, in ms. */
  readonly deadlineMs?: number | undefined;
}

/** A key pair. */
export interface UserKeys {
  readonly apiKey: string;
  readonly secretKey: string;
}

interface Ticket {
  readonly cookie: string;
  readonly sessionKey: string;
}

/**
 * Logs a person in, by POST so that the password is in no URL.
 * @throws CloudStackError `CLOUDSTACK_LOGIN_FAILED` for every refusal; its message never repeats the server's text
 */
export async function login(options: LoginOptions): Promise<CloudStackSession> {
  const transport = new Transport(options);
  const context: CallContext = { transport, clock: options.clock ?? systemClock, secrets: [options.password] };
  const pairs = toPairs('login', {
    username: options.username,
    password: options.password,
    domain: domainPath(options.domain),
    response: 'json',
  });
  try {
    const { signal, deadlineMs } = options;
    const answer = await callWithRetries({ command: 'login', form: () => encodeForm(pairs), signal, deadlineMs }, context);
    const { user, sessionKey } = readLogin(answer.inner);
    const cookie = cookieHeader(answer.setCookie);
    return new CloudStackSession({ ...context, secrets: [options.password, sessionKey, ...cookieValues(cookie)] }, user, {
      cookie,
      sessionKey,
    });
  } catch (error) {
    transport.close();
    throw error;
  }
}

/** A logged-in person. The server ends a session that is unused for `user.timeoutS`. */
export class CloudStackSession {
  readonly user: SessionUser;
  readonly #context: CallContext;
  readonly #ticket: Ticket;

  constructor(context: CallContext, user: SessionUser, ticket: Ticket) {
    this.#context = context;
    this.user = user;
    this.#ticket = ticket;
  }

  /**
   * One command in the session, by POST form.
   * @throws CloudStackError `CLOUDSTACK_UNAUTHORIZED`: the session has ended
   */
  async call(command: string, params: Params = {}, options: CallOptions = {}): Promise<unknown> {
    // All three or none: a missing or wrong one ends the session (ovirt spec 9.2).
    const pairs: Pairs = [...toPairs(command, params), ['response', 'json'], ['sessionkey', this.#ticket.sessionKey]];
    const plan = { command, form: () => encodeForm(pairs), cookie: this.#ticket.cookie, ...options };
    return (await callWithRetries(plan, this.#context)).inner;
  }

  /** The user's newest key pair; undefined when there is none, or its use is switched off. */
  async getUserKeys(userId: string, options: CallOptions = {}): Promise<UserKeys | undefined> {
    const answer = await this.call('getUserKeys', { id: userId }, options);
    const keys = isRecord(answer) && isRecord(answer.userkeys) ? answer.userkeys : {};
    const { apikey, secretkey, apikeyaccess } = keys;
    if (typeof apikey !== 'string' || typeof secretkey !== 'string' || apikeyaccess === false) return undefined;
    return { apiKey: apikey, secretKey: secretkey };
  }

  /** Ends the session on the server and closes the connections; a session that has ended already is no error. */
  async logout(options: CallOptions = {}): Promise<void> {
    try {
      await this.call('logout', {}, options);
    } catch (error) {
      const over = error instanceof CloudStackError && (error.errorCode === 401 || error.errorCode === 431);
      if (!over) throw error;
    } finally {
      this.close();
    }
  }

  /** Closes the connections; the server's session lives on until its timeout. */
  close(): void {
    this.#context.transport.close();
  }
}

/** The server takes `a`, `/a` and `/a/`, but not `ROOT/a` (ovirt spec 3.7). */
function domainPath(domain: string | undefined): string {
  const parts = (domain ?? '').split('/').filter((part) => part !== '');
  if (parts[0]?.toUpperCase() === 'ROOT') parts.shift();
  return `/${parts.join('/')}`;
}

/** `JSESSIONID=…; sessionkey=…`, the last value of each. */
function cookieHeader(setCookie: readonly string[]): string {
  const jar = new Map<string, string>();
  for (const line of setCookie) {
    const found = /^\s*([^=;\s]+)=([^;]*)/.exec(line);
    if (found?.[1] !== undefined && found[2] !== undefined) jar.set(found[1], found[2]);
  }
  return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
}

function cookieValues(header: string): string[] {
  return header.split('; ').map((pair) => pair.slice(pair.indexOf('=') + 1));
}
