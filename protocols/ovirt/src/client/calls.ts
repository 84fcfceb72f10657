import { GatewayError } from '@fairlead/kernel/errors';
import { readCollection, readResource, writeResource } from '../codec/resource.ts';
import type { Action, ObjectOf, TypeName } from '../codec/schema/index.ts';
import { OvirtWireError } from '../errors.ts';
import type { HttpAnswer } from './http.ts';
import type { CallOptions, Session } from './session.ts';

/** Elements and attributes of one answer: some ten thousand machines with all they have. */
const MAX_NODES = 5_000_000;

export interface ListOptions extends CallOptions {
  readonly search?: string | undefined;
  readonly max?: number | undefined;
  readonly follow?: string | undefined;
}

export interface GetOptions extends CallOptions {
  readonly follow?: string | undefined;
  /** With the heavy parts, the OVF document among them. */
  readonly allContent?: boolean | undefined;
}

/** The few kinds of calls that the API is made of. */
export class Calls {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async get<Type extends TypeName>(type: Type, path: string, options: GetOptions): Promise<ObjectOf<Type>> {
    const query = queryOf({ follow: options.follow, all_content: options.allContent });
    return read(type, await this.#session.request({ method: 'GET', path: `${path}${query}` }, options));
  }

  async list<Type extends TypeName>(type: Type, path: string, options: ListOptions): Promise<ObjectOf<Type>[]> {
    const query = queryOf({ search: options.search, max: options.max, follow: options.follow });
    const answer = await this.#session.request({ method: 'GET', path: `${path}${query}` }, options);
    return understood(answer, (body) => readCollection(type, body, lenient(answer)));
  }

  async create<Type extends TypeName>(
    type: Type,
    path: string,
    object: NoInfer<ObjectOf<Type>>,
    options: CallOptions,
  ): Promise<ObjectOf<Type>> {
    return read(type, await this.#session.request({ method: 'POST', path, body: writeResource(type, object, 'xml') }, options));
  }

  /** Does something to an object. An action that failed is an error, whatever status it came with. */
  async act(path: string, action: Action, options: CallOptions): Promise<Action> {
    const answer = await this.#session.request({ method: 'POST', path, body: writeResource('action', action, 'xml') }, options);
    return succeeded(answer, read('action', answer));
  }

  async remove(path: string, query: Readonly<Record<string, boolean | undefined>>, options: CallOptions): Promise<void> {
    const answer = await this.#session.request({ method: 'DELETE', path: `${path}${queryOf(query)}` }, options);
    if (answer.body.byteLength > 0) succeeded(answer, read('action', answer));
  }
}

/** A path of segments, each encoded. Throws `OVIRT_WIRE_BAD_VALUE` for one that would lead elsewhere. */
export function pathOf(...segments: readonly string[]): string {
  const bad = segments.find((segment) => segment === '' || segment === '.' || segment === '..');
  if (bad !== undefined) throw OvirtWireError('OVIRT_WIRE_BAD_VALUE', { detail: 'An id is empty or no id.' });
  return segments.map((segment) => `/${encodeURIComponent(segment)}`).join('');
}

function read<Type extends TypeName>(type: Type, answer: HttpAnswer): ObjectOf<Type> {
  return understood(answer, (body) => readResource(type, body, lenient(answer)));
}

function lenient(answer: HttpAnswer): { contentType: string | undefined; openEnums: true; maxBytes: number; maxNodes: number } {
  return { contentType: answer.headers['content-type'], openEnums: true, maxBytes: answer.body.byteLength, maxNodes: MAX_NODES };
}

function understood<Value>(answer: HttpAnswer, reader: (body: Buffer) => Value): Value {
  try {
    return reader(answer.body);
  } catch (error) {
    const detail = error instanceof GatewayError ? error.publicText : 'it cannot be read';
    throw OvirtWireError('OVIRT_WIRE_BAD_ANSWER', { status: answer.status, detail }, { cause: error });
  }
}

function succeeded(answer: HttpAnswer, action: Action): Action {
  if (action.status !== 'failed' && action.fault === undefined) return action;
  const { reason = 'Operation Failed', detail = '' } = action.fault ?? {};
  throw OvirtWireError('OVIRT_WIRE_FAULT', { status: answer.status, reason, detail });
}

function queryOf(parameters: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.set(name, String(value));
  return query.size === 0 ? '' : `?${query}`;
}
