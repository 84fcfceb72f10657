import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ManualClock } from '@fairlead/kernel/clock';
import { newUuid } from '@fairlead/kernel/ids';
import {
  ANSWER_HEADERS,
  answerBody,
  type Callback,
  type CallbackRequest,
  CallbackTable,
  errorBody,
  parseCredentials,
  parseDatacenterUrl,
  parseExtra,
  payloadProblem,
  readEnvelope,
} from '../../src/codec/index.ts';
import type { FakeAcronis } from '../../src/fake/index.ts';
import { TokenVerifier, tokenFits, tokenIssuer } from '../../src/index.ts';
import { type Caller, Denied, SmallDirectory, type User } from './small-directory.ts';
import { SmallMirror } from './small-mirror.ts';

export interface SmallHandlerOptions {
  readonly app: string;
  readonly fake: FakeAcronis;
  readonly clock: ManualClock;
  readonly enablement?: 'mapped' | 'mirrored';
  /** False: the weakness that Acronis looks for. Default true. */
  readonly checkToken?: boolean;
  /** A rule that it forgets. */
  readonly weak?: 'replays' | 'locks';
  /** Changes a good answer before it is sent. */
  readonly spoil?: ((callback: Callback, body: Record<string, unknown>) => unknown) | undefined;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const LOCK_MS = 15 * 60_000;
const GUESSES = 5;
const ONCE = ['authorization', 'x-cyberapp-auth', 'x-cyberapp-extra', 'content-type'];

/** A handler in one file, written for tests of the driver: correct, and with nothing behind it. */
export class SmallHandler implements AsyncDisposable {
  readonly directory = new SmallDirectory();
  readonly #mirror = new SmallMirror();
  readonly #options: SmallHandlerOptions;
  readonly #table: CallbackTable;
  readonly #verifier: TokenVerifier;
  readonly #server = createServer((message, response) => void this.#serve(message, response));
  readonly #guesses = new Map<string, number[]>();
  readonly #kept = new Map<string, Answer>();

  private constructor(options: SmallHandlerOptions) {
    const { app, enablement, fake, clock } = options;
    this.#options = options;
    this.#table = new CallbackTable({ app, ...(enablement === undefined ? {} : { enablement }) });
    const fetchKeys = async (url: string): Promise<unknown> => (await fetch(url)).json();
    this.#verifier = new TokenVerifier({ fetchKeys, clock, issuers: [tokenIssuer(fake.issuer, fake.keysUrl)] });
  }

  static async start(options: SmallHandlerOptions): Promise<SmallHandler> {
    const handler = new SmallHandler(options);
    handler.#server.listen(0, '127.0.0.1');
    await once(handler.#server, 'listening');
    return handler;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/callback`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#verifier[Symbol.dispose]();
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const { status, body, headers } = await this.#answer(message, Buffer.concat(chunks));
    response.writeHead(status, { ...ANSWER_HEADERS, ...headers }).end(JSON.stringify(body));
  }

  async #answer(message: IncomingMessage, bytes: Buffer): Promise<Answer> {
    let request: CallbackRequest | undefined;
    let callback: Callback | undefined;
    try {
      this.#lookAtHead(message);
      const verdict = await this.#verifier.verify(message.headers.authorization);
      const read = readEnvelope(bytes);
      if (this.#options.checkToken !== false && !verdict.ok) throw new Denied(401, 'The request is not signed.');
      if (!read.ok) throw new Denied(400, read.text);
      request = read.value;
      if (this.#options.checkToken !== false && verdict.ok && !tokenFits(verdict.token, request.context.endpointId, this.#options.app)) {
        throw new Denied(401, 'The request is not for this app.');
      }
      const found = this.#table.find(request.context.callbackId)?.value;
      const caller = found?.caller === 'token' ? undefined : this.#callerOf(message, request);
      callback = this.#fitting(found, request);
      return this.#once(callback, request, caller);
    } catch (error) {
      if (error instanceof Denied) return refusal(error, callback, request?.requestId);
      return { status: 500, body: errorBody({ responseId: newUuid() }, String(error)) };
    }
  }

  #lookAtHead({ headers, rawHeaders }: IncomingMessage): void {
    const names = rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
    if (ONCE.some((name) => names.filter((one) => one === name).length > 1)) throw new Denied(400, 'A header comes twice.');
    if (!/^application\/json( *; *charset=utf-8)?$/i.test(headers['content-type'] ?? '')) throw new Denied(400, 'This is no JSON.');
  }

  #callerOf({ headers }: IncomingMessage, { context }: CallbackRequest): Caller {
    const credentials = parseCredentials(String(headers['x-cyberapp-auth'] ?? ''));
    if (!credentials.ok) throw new Denied(401, 'The account is not known.');
    const extra = headers['x-cyberapp-extra'];
    if (typeof extra === 'string' && !parseExtra(extra).ok) throw new Denied(400, 'X-CyberApp-Extra cannot be read.');
    const { loginKey, password } = credentials.value;
    const datacenter = parseDatacenterUrl(context.datacenterUrl)?.id;
    if (datacenter === undefined) throw new Denied(403, 'This data center is not served.');
    return { user: this.#userWith(loginKey, password, context.tenantId), tenant: context.tenantId, datacenter };
  }

  #userWith(login: string, password: string, tenant: string): User {
    const now = this.#options.clock.now();
    const key = `${login} ${tenant}`;
    const guesses = (this.#guesses.get(key) ?? []).filter((at) => at > now - LOCK_MS);
    if (guesses.length >= GUESSES && this.#options.weak !== 'locks') throw new Denied(429, 'Too many attempts.');
    const user = this.directory.users.find((one) => one.login.toLowerCase() === login && one.password === password);
    this.#guesses.set(key, user === undefined ? [...guesses, now] : []);
    if (user === undefined || password === undefined) throw new Denied(401, 'The account is not known.');
    return user;
  }

  #fitting(callback: Callback | undefined, request: CallbackRequest): Callback {
    if (callback === undefined) throw new Denied(400, 'This callback is not known.');
    if (!this.#table.takes(callback, request.type)) throw new Denied(400, 'This is the type of another callback.');
    const problem = payloadProblem(callback, request.payload);
    if (problem !== undefined) throw new Denied(callback.errors.length > 0 ? 422 : 400, problem.text, 'invalid_field');
    return callback;
  }

  /** Answers to writes are kept for repeats. */
  #once(callback: Callback, request: CallbackRequest, caller: Caller | undefined): Answer {
    const key = `${caller?.user.organization} ${request.requestId}`;
    const kept = callback.effect === 'write' ? this.#kept.get(key) : undefined;
    if (kept !== undefined) return kept;
    const answer = this.#carriedOut(callback, request, caller);
    if (callback.effect === 'write' && this.#options.weak !== 'replays') this.#kept.set(key, answer);
    return answer;
  }

  #carriedOut(callback: Callback, request: CallbackRequest, caller: Caller | undefined): Answer {
    const ids = { requestId: request.requestId, responseId: newUuid() };
    const payload = caller === undefined ? this.#mirrored(callback, request) : this.#mapped(callback, request, caller);
    const body = answerBody(callback.responseType, ids, payload);
    return { status: 200, body: this.#options.spoil?.(callback, { ...body }) ?? body };
  }

  #mapped({ name }: Callback, { payload }: CallbackRequest, caller: Caller): unknown {
    const { directory } = this;
    const { organization } = caller.user;
    const own = directory.linkOf(organization);
    const customers = directory.customersOf(organization);
    const effects: Readonly<Record<string, () => unknown>> = {
      'enablement.read': () => ({ vendor_tenant_id: organization, ...(own && { acronis_tenant_id: own.tenant }) }),
      'enablement.write': () => directory.enable(caller, payload as never),
      'enablement.reset': () => directory.reset(caller),
      'topology.read': () => ({ items: customers.map((one) => ({ id: one.id, name: one.name })) }),
      'tenant_mapping.read': () => ({ items: customers.map(({ id }) => this.#mappingOf(id, caller)) }),
      'tenant_mapping.write': () => directory.map(caller, payload as never),
      users_read: () => ({ items: directory.usersAt(caller).map(({ id, name: shown, email }) => ({ id, name: shown, email })) }),
      user_write: () => directory.addUser(caller, payload as never),
      user_update: () => directory.changeUser(caller, payload as never),
      user_delete: () => directory.removeUser(caller, payload as never),
      reset_password: () => directory.askPassword(caller),
    };
    return effects[name]?.() ?? undefined;
  }

  #mappingOf(id: string, { datacenter }: Caller) {
    const link = this.directory.linkOf(id);
    return { vendor_tenant_id: id, ...(link?.datacenter === datacenter && { acronis_tenant_id: link.tenant }) };
  }

  #mirrored({ name }: Callback, { payload, context }: CallbackRequest): unknown {
    const mirror = this.#mirror;
    const effects: Readonly<Record<string, () => unknown>> = {
      'partner.mirroring.get_state': () => mirror.state(context.tenantId),
      'partner.mirroring.enable': () => mirror.enable(payload as never),
      'partner.mirroring.reset': () => mirror.reset(context.tenantId),
      'customer.mirroring.get_state': () => mirror.customers(),
      'customer.mirroring.set_state': () => mirror.set(context.tenantId, payload as never),
    };
    return effects[name]?.() ?? undefined;
  }
}

function refusal({ status, message, code }: Denied, callback: Callback | undefined, requestId: string | undefined): Answer {
  const responseId = newUuid();
  const declared = callback?.errors.find((error) => error.status === status);
  if (declared !== undefined && requestId !== undefined) {
    return { status, body: answerBody(declared.type, { requestId, responseId }, { code: code ?? '', message }) };
  }
  const headers = status === 429 ? { 'retry-after': '900' } : {};
  return { status, headers, body: errorBody({ requestId, responseId }, message) };
}
