/** A value of the query string (spec 3.4): undefined is left out, null is the word `null`, a plain object or Map is compact JSON. */
export type QueryScalar = string | number | bigint | boolean | null | undefined | Date;
export type QueryValue = QueryScalar | readonly QueryScalar[] | ReadonlyMap<string, unknown> | { readonly [key: string]: unknown };
/** The parameters of a query, in the order in which they are written. */
export type Query = { readonly [name: string]: QueryValue };

/** A value of a path variable. `undefined` and the empty string are refused: they would change the route. */
export type PathValue = string | number | bigint | boolean;

/** One call as the caller states it. Nothing of it is ever changed. */
export interface Call {
  /** Any case; written in upper case. */
  readonly method: string;
  /** `/dedicated/server/{serviceName}`, `/v2/iam/resource`, or a full URL of the endpoint's own origin. A query may be part of it. */
  readonly path: string;
  /** Values of the `{variables}` of the path. */
  readonly variables?: { readonly [name: string]: PathValue } | undefined;
  readonly query?: Query | undefined;
  /** Sent as JSON unless undefined; `null`, `{}` and `[]` are sent as given. */
  readonly body?: unknown;
  /** Bytes sent as they are, instead of `body`. */
  readonly rawBody?: string | Uint8Array | undefined;
  /** Headers of this call. Those that authenticate and those that frame the message are ignored. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What buildRequest() needs to know of the client. */
export interface CallSettings {
  /** The endpoint's base, with `/1.0`, `/v1` or `/v2` at its end or none. */
  readonly baseUrl: string;
  /** Write code units above 0x7f of a JSON body as `\uxxxx` (default true: the bytes of python-ovh and node-ovh). */
  readonly asciiJson?: boolean | undefined;
  /** Headers of every call; those of a call win. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly userAgent?: string | undefined;
  /** `X-Schemas-Version` of calls under `/v2/`. */
  readonly schemaVersion?: string | undefined;
}

/** One request, exact to the byte: `url` is both what is signed and what is sent. */
export interface BuiltRequest {
  readonly method: string;
  readonly url: string;
  /** Without those that authenticate (see signRequest) and without Host. Names as they are sent. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}
