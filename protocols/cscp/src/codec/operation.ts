/**
 * One command as typed values, whatever text it came from (cce 1.7). Values, keys and names are text in the form of `text.ts`:
 * UTF-8 is decoded, a byte that is not UTF-8 is a lone surrogate U+DC80 to U+DCFF, and NUL never occurs.
 */
export type Operation =
  | { readonly verb: 'ADMIN'; readonly action: string; readonly reason?: string | undefined }
  | { readonly verb: 'AUTH'; readonly user: string; readonly password: string }
  | { readonly verb: 'AUTHKEY'; readonly user: string; readonly sessionId: string }
  | { readonly verb: 'BADDATA'; readonly oid: string; readonly key: string; readonly message: string }
  | { readonly verb: 'BEGIN' }
  | { readonly verb: 'BYE'; readonly flag?: ByeFlag | undefined }
  | { readonly verb: 'CLASSES' }
  | { readonly verb: 'COMMIT' }
  | { readonly verb: 'CREATE'; readonly class: string; readonly values: Values }
  | { readonly verb: 'DESTROY'; readonly oid: string }
  | { readonly verb: 'ENDKEY' }
  | { readonly verb: 'FIND'; readonly class: string; readonly criteria: readonly Criterion[]; readonly sort?: Sort | undefined }
  | { readonly verb: 'GET'; readonly oid: string; readonly namespace: string }
  | { readonly verb: 'HELP' }
  | { readonly verb: 'INFO'; readonly message: string }
  /** `of` is an OID when it has digits only, else a class. */
  | { readonly verb: 'NAMES'; readonly of: string }
  | { readonly verb: 'SCHEMA'; readonly class?: string | undefined; readonly namespace?: string | undefined }
  | { readonly verb: 'SET'; readonly oid: string; readonly namespace: string; readonly values: Values }
  | { readonly verb: 'VERSION' }
  | { readonly verb: 'WARN'; readonly message: string }
  | { readonly verb: 'WATCH'; readonly filters: readonly WatchFilter[] }
  | { readonly verb: 'WHOAMI' };

export type Verb = Operation['verb'];

/** Commands that are no part of real CSCP: offered only where `extensions` says so (cce 1.3, 12.1). */
export type ExtensionVerb = 'SCHEMA' | 'VERSION' | 'WATCH';

export type ExtensionOperation = Extract<Operation, { readonly verb: ExtensionVerb }>;

/** What a watcher wants to hear of (cce 12.1); no filter at all means everything. */
export interface WatchFilter {
  readonly class: string;
  /** Empty: the default namespace. Absent: `property` is a namespace or a property of the default one, or nothing was said. */
  readonly namespace?: string | undefined;
  /** A property, `_CREATE` or `_DESTROY`. Absent: all. */
  readonly property?: string | undefined;
}

export type ByeFlag = 'SUCCESS' | 'FAIL' | 'DEFER';

/** Property to value in the order of the request; of a key given twice the last value counts. */
export type Values = ReadonlyMap<string, string>;

export interface Criterion {
  /** `property`, or `Namespace.property`. */
  readonly key: string;
  readonly match: 'equals' | 'regex';
  /** The value, or a POSIX extended regular expression. */
  readonly value: string;
}

export interface Sort {
  /** `ascii`, `old_numeric`, `ip`, `hostname`, `locale(xx_YY)`. */
  readonly type: string;
  /** `property`, or `Namespace.property`. */
  readonly property: string;
}

/** Where a connection comes from (cce 1.3): each has commands of its own. */
export type CscpContext = 'CLIENT' | 'HANDLER' | 'ROLLBACK' | 'RULE';

/** CMD: outside a transaction; TXN: after BEGIN; RO: handlers of a rollback and rules; CLOSED: after BYE. */
export type CscpState = 'CMD' | 'TXN' | 'RO' | 'CLOSED';
