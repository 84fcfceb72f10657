import type { Criterion, Operation, Reply, Sort, Values } from '@fairlead/cscp/codec';

/** What a request asks for, whichever form it had (cce 5.3). */
export type Command =
  /** One command of CSCP. */
  | { readonly kind: 'operation'; readonly operation: Operation }
  /** CREATE with values of other namespaces (cce 6.7). */
  | {
      readonly kind: 'create-deep';
      readonly operation: Extract<Operation, { verb: 'CREATE' }>;
      readonly namespaces: ReadonlyMap<string, Values>;
    }
  /** FIND and FINDX. */
  | { readonly kind: 'find'; readonly search: Search; readonly style: 'FIND' | 'FINDX' }
  | { readonly kind: 'get-object'; readonly search: Search; readonly namespace: string }
  /** GETALL: of what a search finds, or of the named objects. */
  | { readonly kind: 'get-all'; readonly search: Search }
  | { readonly kind: 'get-all-of'; readonly oids: readonly string[]; readonly props: readonly string[] | undefined }
  | { readonly kind: 'get-all-of-nothing' }
  /** GET and NAMES with `oids` (cce 6.5). */
  | { readonly kind: 'batch'; readonly operations: readonly Operation[] }
  | { readonly kind: 'schema'; readonly class: string | undefined; readonly namespace: string | undefined }
  | { readonly kind: 'events'; readonly since: string | undefined; readonly timeoutS: number; readonly filter: EventFilter }
  /** Commands that are a word only. */
  | { readonly kind: 'word'; readonly word: 'PING' | 'LOGIN' | 'SUSPENDED' | 'VERSION' }
  /** The command was understood as far as its verb: what CSCP answers to it. */
  | { readonly kind: 'refused'; readonly reply: Reply };

export type RefusedCommand = Extract<Command, { kind: 'refused' }>;

/** Which events somebody waits for; an absent field is any. */
export interface EventFilter {
  readonly class: string | undefined;
  readonly oid: string | undefined;
}

export interface Search {
  readonly class: string;
  readonly criteria: readonly Criterion[];
  readonly sort: Sort | undefined;
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number | undefined;
  /** `property` and `Namespace.property` that are wanted; absent: all. */
  readonly props: readonly string[] | undefined;
  /** How many there are is told as well. */
  readonly count: boolean;
}

/** Everything of a request that is not the command itself. */
export interface RequestOptions {
  /** Properties that are arrays are answered as lists (cce 12.3). */
  readonly arrays: boolean;
  readonly typed: boolean;
  readonly dryRun: boolean;
  readonly events: boolean;
  /** A text for people beside each error that has one. */
  readonly messages: boolean;
  /** What SET expects to find (cce 12.6). */
  readonly expect: ReadonlyMap<string, string> | undefined;
  /** Of BEGIN and COMMIT (cce 8.3). */
  readonly atomic: boolean | undefined;
  readonly refs: boolean;
}

export interface RequestCredentials {
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly sessionId: string | undefined;
  readonly token: string | undefined;
}

/** A body that was understood. */
export interface CceRequest {
  /** Upper case; of a command of two words the first. */
  readonly verb: string;
  readonly command: Command;
  readonly credentials: RequestCredentials;
  readonly options: RequestOptions;
}

/** Names of classes, namespaces and properties as CSCP writes them bare (cce 5.3). */
export const NAME = /^[A-Za-z0-9_+]+$/;
/** The same with a namespace before it. */
export const KEY = /^[A-Za-z0-9_+]+(\.[A-Za-z0-9_+]+)?$/;
/** A positive whole number. */
export const OID = /^0*[1-9]\d{0,18}$/;

/** A command that CSCP answers with that code alone. */
export function refused(end: 402 | 403): RefusedCommand {
  return { kind: 'refused', reply: { lines: [], end } };
}
