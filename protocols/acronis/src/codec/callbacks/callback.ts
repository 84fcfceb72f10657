import type { JsonSchema } from './schema.ts';

/** Whose proof a callback asks for: a partner's account, any account, or the request token alone. */
export type CallbackCaller = 'partner' | 'any' | 'token';

/** An error that a custom callback declares: a success envelope with another status and type (CyberApp 2.9). */
export interface DeclaredError {
  readonly status: 404 | 409 | 422;
  readonly type: string;
  readonly payload: JsonSchema;
  /** Values of `payload.code`. */
  readonly codes: readonly string[];
}

/** One kind of request: its identifiers, who may send it, what goes in and out. */
export interface Callback {
  readonly name: CallbackName;
  readonly group: 'mapped' | 'mirrored' | 'users' | 'inventory';
  readonly id: string;
  /** Other identifiers that were seen for it. */
  readonly aliases: readonly string[];
  readonly caller: CallbackCaller;
  /** Answers to writes are kept for repeats (CyberApp 2.10). */
  readonly effect: 'read' | 'write';
  /** The first is the registered one; a callback without payload takes the empty request too. */
  readonly requestTypes: readonly string[];
  /** Undefined: no payload is defined, and what comes is passed over. */
  readonly request: JsonSchema | undefined;
  /** Bytes of the whole request. */
  readonly maxBody: number;
  readonly responseType: string;
  /** Undefined: the answer has no payload. */
  readonly response: JsonSchema | undefined;
  readonly errors: readonly DeclaredError[];
}

/** What a row of the table says about a callback; `finish` adds what follows from it. */
export interface CallbackRow {
  readonly name: CallbackName;
  readonly caller: CallbackCaller;
  readonly effect: 'read' | 'write';
  /** Undefined: the empty request is the registered one. */
  readonly requestType?: string;
  readonly request?: JsonSchema;
  readonly responseType: string;
  readonly response?: JsonSchema;
  readonly errors?: readonly DeclaredError[];
  readonly aliases?: readonly string[];
  /** Holds lists: may be larger than others. */
  readonly large?: boolean;
}

export type CallbackName = MappedName | MirroredName | UserName | InventoryName;
export type MappedName =
  | 'enablement.read'
  | 'enablement.write'
  | 'enablement.reset'
  | 'topology.read'
  | 'tenant_mapping.read'
  | 'tenant_mapping.write';
export type MirroredName =
  | 'partner.mirroring.get_state'
  | 'partner.mirroring.enable'
  | 'partner.mirroring.reset'
  | 'customer.mirroring.get_state'
  | 'customer.mirroring.set_state';
export type UserName = 'users_read' | 'user_write' | 'user_update' | 'user_delete' | 'reset_password';
export type InventoryName = 'inventory_read' | 'connector_status_read';

/** Most pairs in one `tenant_mapping.write`, and most customers in one mirrored `set_state`. */
export const MAX_MAPPINGS = 20_000;
/** Bytes of a request (CyberApp 7.3). */
export const MAX_BODY = 4 * 1024 * 1024;
const MAX_SMALL_BODY = 64 * 1024;

export const EMPTY_REQUEST = 'cti.a.p.acgw.request.v1.0~a.p.empty.v1.0';

/** The identifiers of a group: `base` with the context of the callback after it. */
export function idOf(kind: 'callback' | 'request' | 'response', version: string, context: string): string {
  return `cti.a.p.acgw.${kind}.${version}~${context}.v1.0`;
}

export function finish(row: CallbackRow, group: Callback['group'], id: string): Callback {
  const { requestType, request, response } = row;
  const types = requestType === undefined ? [] : [requestType];
  return {
    name: row.name,
    group,
    id,
    aliases: row.aliases ?? [],
    caller: row.caller,
    effect: row.effect,
    requestTypes: request === undefined ? [...types, EMPTY_REQUEST] : types,
    request,
    maxBody: row.large ? MAX_BODY : MAX_SMALL_BODY,
    responseType: row.responseType,
    response,
    errors: row.errors ?? [],
  };
}
