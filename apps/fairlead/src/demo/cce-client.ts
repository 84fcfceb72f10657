import { type RequestOptions, request } from 'node:https';

/** What the API answers, as far as the demo reads it. */
export interface CceAnswer {
  readonly status: number;
  readonly message: string;
  readonly data: {
    readonly DATA: Readonly<Record<string, string>>;
    readonly oid: string;
    readonly oidlist: readonly string[];
    readonly sessionid: string;
    readonly token: string;
    readonly results: readonly { readonly status: number }[];
  };
}

export interface CceCallOptions {
  readonly url: string;
  readonly ca: string;
  readonly signal: AbortSignal;
  /** The address to call from. */
  readonly localAddress?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const DEADLINE_MS = 30_000;

/** Sends one command to `POST /v2/cce` and gives the answer, whatever its status. */
export function callCce(command: Readonly<Record<string, unknown>>, options: CceCallOptions): Promise<CceAnswer> {
  const { url, ca, headers, localAddress } = options;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(DEADLINE_MS)]);
  const { promise, resolve, reject } = Promise.withResolvers<CceAnswer>();
  const sent: RequestOptions = { method: 'POST', agent: false, ca, signal, headers: { 'content-type': 'application/json', ...headers } };
  request(`${url}/v2/cce`, { ...sent, ...(localAddress !== undefined && { localAddress }) }, (answer) => {
    let body = '';
    answer.setEncoding('utf8');
    answer.on('data', (piece: string) => {
      body += piece;
    });
    answer.on('error', reject);
    answer.on('end', () => resolve(JSON.parse(body) as CceAnswer));
  })
    .on('error', reject)
    .end(JSON.stringify(command));
  return promise;
}
