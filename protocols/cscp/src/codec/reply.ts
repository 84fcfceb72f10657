/** One line of a reply before its last (cce 1.6). Values are unescaped text. */
export type ReplyLine =
  /** A line of HELP, which bears no code; or a whole line with a code that is not known. */
  | { readonly code: 0; readonly text: string }
  /** `5..name`, `27.Foo.enable`, `5._CREATE` (cce 1.2); in a greeting, and in the reply to WATCH. */
  | { readonly code: 101; readonly event: string }
  | { readonly code: 102 | 103; readonly key: string; readonly value: string }
  /** `-1` is the anonymous caller (WHOAMI). */
  | { readonly code: 104; readonly oid: string }
  | { readonly code: 105; readonly namespace: string }
  | { readonly code: 106 | 305; readonly text: string }
  | { readonly code: 107 | 108 | 307 }
  | { readonly code: 109; readonly sessionId: string }
  | { readonly code: 110; readonly class: string }
  /** WATCH: the transaction of the events behind it. */
  | { readonly code: 112; readonly transaction: string }
  /** WATCH: `WATCHING` once everything that is committed from now on is told. */
  | { readonly code: 113; readonly status: string }
  | { readonly code: 300; readonly oid: string }
  | { readonly code: 301; readonly class: string }
  | { readonly code: 302; readonly oid: string; readonly key: string; readonly message: string }
  | { readonly code: 303; readonly namespace: string }
  /** A property, or `CREATE`, or `DESTROY`. */
  | { readonly code: 304; readonly what: string }
  | { readonly code: 306 | 308; readonly text: string }
  | { readonly code: 309; readonly reason: string };

/** The code that ends a reply: 201 and 202 are successes. */
export type EndCode = 201 | 202 | 400 | 401 | 402 | 403 | 998 | 999;

export interface Reply {
  readonly lines: readonly ReplyLine[];
  readonly end: EndCode;
}

/** The text behind each final code. */
export const END_TEXT: Readonly<Record<EndCode, string>> = {
  201: 'OK',
  202: 'GOODBYE',
  400: 'NOT READY',
  401: 'FAIL',
  402: 'BAD COMMAND',
  403: 'BAD PARAMETERS',
  998: 'SHUTTING DOWN',
  999: 'ENGINE ON FIRE',
};

/** What a server says before the first command (cce 1.2). */
export interface Greeting {
  /** `0.99`. */
  readonly version: string;
  /** `5._CREATE`, `27.Foo.enable`, `2..name`: for handlers and rules. */
  readonly events: readonly string[];
  readonly rollback: boolean;
  /** Why the engine is suspended, when it is. */
  readonly suspended?: string | undefined;
  /** The server does not serve: it says this code instead of 200 and closes. */
  readonly refused?: 400 | 999 | undefined;
}
