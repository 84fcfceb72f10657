import { encodeForm, sign } from '../src/auth.ts';
import type { Cloud } from './support.ts';

/** An answer as it came over HTTP. */
export interface Raw {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The single top key of JSON; undefined for anything else. */
  readonly envelope: string | undefined;
  /** What is under it. */
  readonly inner: Readonly<Record<string, unknown>>;
}

/** How a call is made; default: a signed GET for JSON. */
interface RawOptions {
  readonly method?: string | undefined;
  /** Signs it; undefined: nobody. */
  readonly as?: string | undefined;
  /** Keys instead of a user's. */
  readonly keys?: { readonly apiKey: string; readonly secretKey: string } | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly format?: string | undefined;
}

type Params = Readonly<Record<string, string>>;

/** Calls the fake past our client: by `fetch`, with a signature of version 2. */
export async function raw(cloud: Cloud, command: string | undefined, params: Params = {}, options: RawOptions = {}): Promise<Raw> {
  const { method = 'GET', as, headers = {}, format = 'json' } = options;
  const keys = options.keys ?? (as === undefined ? undefined : cloud.fake.user(as));
  const all: Array<readonly [string, string]> = Object.entries({
    ...(command === undefined ? {} : { command }),
    response: format,
    ...params,
  });
  if (keys !== undefined) {
    all.push(['apiKey', keys.apiKey]);
    all.push(['signature', sign(all, keys.secretKey)]);
  }
  const form = encodeForm(all);
  const posted =
    method === 'POST' ? { body: form, headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers } } : { headers };
  return read(await fetch(method === 'POST' ? cloud.fake.url : `${cloud.fake.url}?${form}`, { method, ...posted }));
}

export async function read(response: Response): Promise<Raw> {
  const text = await response.text();
  const [envelope, inner] = topOf(text);
  return { status: response.status, headers: response.headers, text, envelope, inner };
}

function topOf(text: string): readonly [string | undefined, Record<string, unknown>] {
  try {
    const [entry] = Object.entries((JSON.parse(text) ?? {}) as Record<string, unknown>);
    return [entry?.[0], (entry?.[1] ?? {}) as Record<string, unknown>];
  } catch {
    return [undefined, {}];
  }
}

/** Starts a job and asks for it until it has ended: what `queryAsyncJobResult` says of it. */
export async function job(cloud: Cloud, as: string, command: string, params: Params = {}): Promise<Readonly<Record<string, unknown>>> {
  const started = await raw(cloud, command, params, { as, method: 'POST' });
  const jobid = String(started.inner.jobid);
  cloud.fake.clock.advance(cloud.fake.cloud.jobs.delayMs);
  return (await raw(cloud, 'queryAsyncJobResult', { jobid }, { as })).inner;
}

/** `530 9999`, or `200`: the numbers of an answer. */
export function codes({ status, inner }: Raw): string {
  return [status, inner.errorcode, inner.cserrorcode].filter((code) => code !== undefined).join(' ');
}
