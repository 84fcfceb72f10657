import type { Log } from '@fairlead/kernel/log';
import type { FollowTree, ObjectOf, TypeName } from '@fairlead/ovirt/codec';
import type { Caller } from '../service/caller.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';

/** One request as a handler sees it: decoded, authenticated, with bounds. */
export interface Call {
  readonly caller: Caller;
  /** Path parameters as they came; each one is checked to be a UUID unless the route says otherwise. */
  readonly params: Readonly<Record<string, string>>;
  /** Query and `;matrix` parameters together. */
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly correlationId: string;
  /** Where the request came from. */
  readonly address: string;
  readonly follow: FollowTree;
  readonly allContent: boolean;
  /** Undefined: no limit. */
  readonly max: number | undefined;
  readonly search: string | undefined;
  readonly caseSensitive: boolean;
  readonly async: boolean;
  /** The body as an object of that oVirt type; `{}` when there is none. Throws `OVIRT_WIRE_*` for what cannot be read. */
  body<Type extends TypeName>(type: Type): ObjectOf<Type>;
  /** Ends when the caller leaves or the time for one request is over. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** One resource. */
export interface OneAnswer {
  readonly status: number;
  /** oVirt type in the singular: `disk_attachment`. */
  readonly type: TypeName;
  readonly object: object;
}

/** A collection; `type` is that of its members, in the singular. */
export interface ManyAnswer {
  readonly status: number;
  readonly type: TypeName;
  readonly objects: readonly object[];
}

/** Anything that is no oVirt resource (certificates, SSO, text). */
export interface RawAnswer {
  readonly status: number;
  readonly raw: { readonly contentType: string; readonly body: string | Buffer; readonly headers?: Readonly<Record<string, string>> };
}

export type Answer = OneAnswer | ManyAnswer | RawAnswer;

export interface Route {
  readonly method: Method;
  /** Below `/api`, in lower case, parameters as `:name`: `/vms/:vm/backups/:backup`. */
  readonly path: string;
  handle(call: Call): Promise<Answer>;
  /** Parameters that need not be UUIDs (steps, tags by name). */
  readonly freeParams?: readonly string[];
}
