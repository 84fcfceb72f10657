import { encodeForm, sign } from '../../src/auth.ts';
import type { RecordedCase } from './case.ts';
import type { World } from './world.ts';

/** A request as it goes out. */
export interface Outgoing {
  method: string;
  params: ReadonlyArray<readonly [string, string]>;
  /** Who signs; undefined: nobody. */
  signer: { readonly apiKey: string; readonly secretKey: string } | undefined;
  headers: Record<string, string>;
  /** Everything in the query string also when it is a POST. */
  inQuery: boolean;
  /** Added after signing. */
  appended: ReadonlyArray<readonly [string, string]>;
  keyName: string;
  body: string | undefined;
}

/** What came back. */
export interface Received {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  /** Parsed, where it is JSON. */
  readonly json: unknown;
}

/** The recorded request with the ids and secrets of this world. */
export function outgoing(world: World, recorded: RecordedCase): Outgoing {
  const user = recorded.as === undefined ? undefined : world.fake.user(recorded.as === 'dadmin2' ? 'dadmin' : recorded.as);
  const password = (name: string | undefined) => (name === undefined || name === 'nosuch' ? 'x' : world.fake.user(name).password);
  const params = Object.entries(recorded.request).map(([name, value]) => {
    if (value === '<PASSWORD>') return [name, password(recorded.request.username)] as const;
    const repeated = /^(.) \* (\d+)$/.exec(value);
    if (repeated?.[1] !== undefined) return [name, repeated[1].repeat(Number(repeated[2]))] as const;
    return [name, value.replace(/\{([^}]+)\}/g, (_all, reference: string) => world.idOf(reference))] as const;
  });
  return { method: recorded.method, params, signer: user, headers: {}, inQuery: false, appended: [], keyName: 'apiKey', body: undefined };
}

export async function send(world: World, out: Outgoing): Promise<Received> {
  const params = [...out.params];
  if (out.signer !== undefined) {
    params.push([out.keyName, out.signer.apiKey]);
    params.push([out.keyName === 'ApiKey' ? 'Signature' : 'signature', sign(params, out.signer.secretKey)]);
  }
  const text = encodeForm([...params, ...out.appended]);
  const form = out.method === 'POST' && !out.inQuery && out.body === undefined;
  const url = form ? world.fake.url : `${world.fake.url}?${text}`;
  const headers = { ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}), ...out.headers };
  const body = form ? text : out.body;
  const response = await fetch(out.body === undefined ? url : world.fake.url, {
    method: out.method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  return received(response.status, response.headers.get('content-type') ?? '', await response.text());
}

function received(status: number, contentType: string, text: string): Received {
  const type = contentType.split(';')[0] ?? '';
  let json: unknown;
  try {
    json = type === 'application/json' ? JSON.parse(text) : undefined;
  } catch {
    json = text;
  }
  return { status, type, text, json };
}
