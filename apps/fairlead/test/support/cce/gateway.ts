import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CscpClient } from '@fairlead/cscp';
import { type Serving, serve } from '../serve.ts';

/** The address of another machine, as the trusted proxy tells it. */
const REMOTE = '192.0.2.9';
/** Of the demo's `admin`. */
const DEMO_PASSWORD = 'blueonyx';

const HMAC_SECRET = 'a made up secret of the tests '.repeat(2);

export interface CceGatewayOptions {
  /** Holds all it keeps. */
  readonly folder: string;
  /** A PostgreSQL for several; SQLite in the folder without. */
  readonly storeUrl?: string;
  /** The client secret of `REMOTE`: gateways behind one name have the same. */
  readonly clientSecret?: string;
}

export interface Answer {
  readonly http: number;
  readonly json: { readonly status: number; readonly message: string; readonly data?: Readonly<Record<string, unknown>> };
}

export interface Asked {
  /** As another machine, with the client secret. */
  readonly isRemote?: boolean;
}

/** `fairlead serve` with the CCE API over the embedded engine, as a process that can be killed and begun anew. */
export class CceGateway implements AsyncDisposable {
  readonly #config: string;
  readonly #folder: string;
  readonly #secret: string;
  #serving: Serving | undefined;

  private constructor(options: CceGatewayOptions) {
    this.#folder = options.folder;
    this.#config = join(options.folder, 'fairlead.ini');
    this.#secret = options.clientSecret ?? randomBytes(16).toString('hex');
  }

  static async start(options: CceGatewayOptions): Promise<CceGateway> {
    const gateway = new CceGateway(options);
    await mkdir(join(options.folder, 'admin'), { recursive: true, mode: 0o700 });
    await mkdir(join(options.folder, 'state/cce'), { recursive: true });
    await writeFile(join(options.folder, 'state/cce/access'), `${REMOTE}:${gateway.#secret}\n`, { mode: 0o600 });
    await writeFile(gateway.#config, configOf(options), { mode: 0o600 });
    await gateway.start();
    return gateway;
  }

  async start(): Promise<void> {
    this.#serving = await serve(this.#config, { FAIRLEAD_SERVER_PORT: '0', NODE_COMPILE_CACHE: join(this.#folder, 'compiled') });
  }

  /** `kill -9`, and the end of it. */
  async kill(): Promise<void> {
    this.#serving?.cli.signal('SIGKILL');
    await this.#serving?.cli.ended;
  }

  /** A connection with all rights. */
  connect(): Promise<CscpClient> {
    return CscpClient.connect({ socketPath: join(this.#folder, 'admin/cced.socket'), timeoutMs: 30_000 });
  }

  /** One command over the JSON API, from this machine unless told. Throws when the gateway is gone. */
  async ask(body: Readonly<Record<string, unknown>>, { isRemote = false }: Asked = {}): Promise<Answer> {
    const plain = Object.values(this.#serving?.addresses ?? {}).find((url) => url.startsWith('http:')) ?? '';
    const headers = { 'content-type': 'application/json', ...(isRemote && { 'x-real-ip': REMOTE, 'x-client-secret': this.#secret }) };
    const signal = AbortSignal.timeout(30_000);
    const answer = await fetch(new URL('/v2/cce', plain), { method: 'POST', headers, body: JSON.stringify(body), signal });
    return { http: answer.status, json: (await answer.json()) as Answer['json'] };
  }

  /** The credentials of a new session of the demo's `admin`. */
  async login(): Promise<{ readonly user: string; readonly sessionid: string }> {
    const { json } = await this.ask({ cmd: 'AUTH', user: 'admin', password: DEMO_PASSWORD });
    return { user: 'admin', sessionid: String(json.data?.sessionid) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#serving?.[Symbol.asyncDispose]();
  }
}

function configOf({ folder, storeUrl }: CceGatewayOptions): string {
  return [
    '[server]\nhost = 127.0.0.1\nport = 0\npublic_ip = 127.0.0.1',
    `state_dir = ${folder}/state\nrun_dir = ${folder}/run`,
    `[security]\nhmac_secret = ${HMAC_SECRET}`,
    ...(storeUrl === undefined ? [] : [`[store]\nurl = ${storeUrl}`]),
    '[cce]\nbackend = embedded\nfixtures = demo\nlisten_address = 127.0.0.1:0\nenable_http = true\nhttp_listen_address = 127.0.0.1:0',
    `api_access = ${REMOTE}\ntrusted_proxies = 127.0.0.1\nauth_fail_delay = false\nadmin_socket = ${folder}/admin/cced.socket`,
  ].join('\n');
}
