import { request } from 'node:https';
import { until } from '@fairlead/testkit/until';

export interface Reply {
  readonly status: number;
  readonly body: Buffer;
  readonly json: Json;
}

/** Answers are asked for as JSON; only these words of them are needed. */
export interface Json {
  readonly id?: string;
  readonly phase?: string;
  readonly status?: string;
  readonly access_token?: string;
  readonly proxy_url?: string;
  readonly transfer_url?: string;
  readonly disk?: { readonly id?: string };
  readonly backup?: readonly Json[];
  readonly image_transfer?: readonly Json[];
  readonly disk_attachment?: readonly Json[];
  readonly fault?: { readonly detail?: string };
  readonly detail?: string;
}

/** Nobody answered, or somebody said that nobody behind him did: the client asks again later. */
export class Outage extends Error {}

export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface PatientOptions {
  /** `https://host:port/ovirt-engine`; asked each time, for another gateway may answer from now on. */
  readonly url: () => string;
  readonly ca: string;
  readonly user: string;
  readonly password: string;
  /** Where the proxy is that a transfer is read or written through; else where the transfer says. */
  readonly proxy?: () => string;
  /** Resolves when everything that was killed serves again. */
  readonly up: () => Promise<void>;
}

/** Everything that was refused because of what is just ending has to be over by then. */
const PATIENCE_MS = 30_000;
const ANSWER_MS = 40_000;

/**
 * A backup tool that outlives gateways: it keeps what it was told, asks again after an outage, looks up what it was not told, goes on where that
 * is possible and begins anew where it is not. What it was told once and what is not known any more is a lost state: it throws.
 */
export class PatientClient {
  readonly #options: PatientOptions;
  #token = '';
  /** What had to be begun anew. */
  readonly anew: string[] = [];
  /** How often nobody answered. */
  outages = 0;

  constructor(options: PatientOptions) {
    this.#options = options;
  }

  /** Where the data of an open transfer is. */
  dataUrl({ proxy_url: url = '' }: Json): string {
    const { proxy } = this.#options;
    return proxy === undefined ? url : `${proxy()}${new URL(url).pathname}`;
  }

  /** What has failed is tried again, a moment later than the failure. */
  async beginAnew(what: string): Promise<void> {
    this.anew.push(what);
    await this.#options.up();
  }

  async login(): Promise<void> {
    const { user, password } = this.#options;
    const form = new URLSearchParams({ grant_type: 'password', username: user, password, scope: 'ovirt-app-api' });
    const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
    const reply = await this.sure(() => this.send({ method: 'POST', url: this.#url('/sso/oauth/token'), headers, body: form.toString() }));
    this.#token = reply.json.access_token ?? '';
    if (this.#token === '') throw new Error(`the login was refused: ${reply.status} ${reply.body}`);
  }

  async logout(): Promise<void> {
    const form = new URLSearchParams({ token: this.#token, scope: 'ovirt-app-api' });
    const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
    await this.sure(() => this.send({ method: 'POST', url: this.#url('/services/sso-logout'), headers, body: form.toString() }));
  }

  /** One call below `/api`; `Outage` when nobody answers. A token that was given is known for as long as it was promised. */
  async api(method: string, path: string, body?: object, correlationId?: string): Promise<Reply> {
    const headers = {
      accept: 'application/json',
      authorization: `Bearer ${this.#token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(correlationId !== undefined && { 'correlation-id': correlationId }),
    };
    const payload = body === undefined ? {} : { body: JSON.stringify(body) };
    const reply = await this.send({ method, url: this.#url(`/api${path}`), headers, ...payload });
    if (reply.status === 401) throw new Error(`the token is not known any more: ${method} ${path}`);
    return reply;
  }

  /** What the client was told exists: never 404. */
  async known(path: string): Promise<Json> {
    const reply = await this.sure(() => this.api('GET', path));
    if (reply.status !== 200) throw new Error(`${path} was told and is lost: ${reply.status} ${reply.body}`);
    return reply.json;
  }

  /** Waits for one of these phases or states of what was told. */
  async settled(path: string, wanted: readonly string[], word: 'phase' | 'status' = 'phase'): Promise<string> {
    let seen = '';
    return await until(
      async () => {
        seen = (await this.known(path))[word] ?? '';
        return wanted.includes(seen) && seen;
      },
      { timeoutMs: PATIENCE_MS, what: `${path} to be ${wanted.join(' or ')}` },
    ).catch((error) => {
      throw new Error(`${(error as Error).message}; it is ${seen}`);
    });
  }

  /**
   * Makes something: asks, and after an outage or a refusal for what is still going on looks first whether it was made already.
   * @param find what there is of it, by what the client knows
   */
  async make(ask: () => Promise<Reply>, find: () => Promise<string | undefined>): Promise<string> {
    let last = '';
    const make = async (): Promise<string | undefined> => {
      const reply = await ask().catch((error) => this.#outlive(error));
      if (reply !== undefined && [200, 201, 202].includes(reply.status)) return reply.json.id ?? '';
      if (reply !== undefined && reply.status !== 409) throw new Error(`refused: ${reply.status} ${reply.body}`);
      if (reply !== undefined) last = reply.body.toString();
      return this.sure(find);
    };
    return await this.#again(make, PATIENCE_MS + ANSWER_MS, () => `refused for too long: ${last}`);
  }

  /** Asks until somebody answers. */
  async sure<T>(ask: () => Promise<T>): Promise<T> {
    const answered = async () =>
      ask().then(
        (value) => ({ value }),
        (error) => this.#outlive(error),
      );
    return (await this.#again(answered, ANSWER_MS, () => 'nobody answers')).value;
  }

  async send(call: Call): Promise<Reply> {
    const reply = await exchange(call, this.#options.ca);
    if ([502, 503, 504].includes(reply.status)) throw new Outage(`${call.method} ${call.url}: ${reply.status} ${reply.body}`);
    return reply;
  }

  /** Repeats until there is something; what is thrown ends it at once, unlike in `until`. */
  async #again<T>(work: () => Promise<T | undefined>, timeoutMs: number, what: () => string): Promise<T> {
    const attempt = () =>
      work().then(
        (value) => value !== undefined && { value },
        (error: unknown) => ({ error }),
      );
    const end = await until(attempt, { timeoutMs }).catch((cause: unknown) => Promise.reject(new Error(what(), { cause })));
    if ('error' in end) throw end.error;
    return end.value;
  }

  /** An outage passes; any other error is thrown. */
  async #outlive(error: unknown): Promise<undefined> {
    if (!(error instanceof Outage)) throw error;
    this.outages += 1;
    await this.#options.up();
  }

  #url(path: string): string {
    return `${this.#options.url()}${path}`;
  }
}

function exchange(call: Call, ca: string): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  const outage = (error: Error) => reject(new Outage(`${call.method} ${call.url}: ${error.message}`));
  const length = call.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(call.body)) };
  const signal = AbortSignal.timeout(ANSWER_MS);
  const asked = request(call.url, { method: call.method, headers: { ...call.headers, ...length }, ca, agent: false, signal }, (answer) => {
    const chunks: Buffer[] = [];
    answer
      .on('data', (chunk: Buffer) => void chunks.push(chunk))
      .on('error', outage)
      .on('close', () => {
        if (!answer.complete) return outage(new Error('the answer was cut'));
        const body = Buffer.concat(chunks);
        resolve({ status: answer.statusCode ?? 0, body, json: jsonOf(answer.headers['content-type'], body) });
      });
  });
  asked.on('error', outage);
  asked.end(call.body);
  return promise;
}

function jsonOf(type: string | undefined, body: Buffer): Json {
  return type?.includes('json') === true ? (JSON.parse(body.toString()) as Json) : {};
}
