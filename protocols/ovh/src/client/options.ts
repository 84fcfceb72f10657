import type { Agent } from 'node:http';
import type { PathValue, Query } from '../codec/call.ts';
import type { BigintMode } from '../codec/json.ts';
import type { ConfigurationOptions } from '../config/settings.ts';
import type { TlsOptions } from '../transport/tls-options.ts';
import type { Transport } from '../transport/transport.ts';
import type { RetryOptions } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { LimiterOptions } from './limiter.ts';
import type { RouteMetadata } from './metadata.ts';
import type { TokenStore } from './oauth2.ts';
import type { Hooks, Logger } from './watcher.ts';

/** ms; each may be given alone. */
export interface Timeouts {
  /** To a connection, with proxy and TLS. Default 10 s. */
  readonly connect?: number | undefined;
  /** From there to the head of the answer. Default 180 s. */
  readonly headers?: number | undefined;
  /** Between two pieces of the body. Default 180 s. */
  readonly body?: number | undefined;
  /** Over everything: waits, retries, clock and token. Default: none. */
  readonly total?: number | undefined;
}

/** Where and who (see ConfigurationOptions, with the spellings of the other clients), and how. */
export interface ClientOptions extends ConfigurationOptions, LimiterOptions {
  /** Short for `timeouts.total`. */
  readonly timeout?: number | undefined;
  readonly timeouts?: Timeouts | undefined;
  /** `false`: every call is sent once. */
  readonly retry?: RetryOptions | false | undefined;
  /** Server minus local clock in seconds; then no time is fetched. */
  readonly timeDelta?: number | undefined;
  /** node-ovh's spelling of `timeDelta`. */
  readonly apiTimeDiff?: number | undefined;
  /** `false`: the local clock is right. */
  readonly timeSync?: boolean | undefined;
  /** How long a measured difference of clocks is believed, in ms. Default one hour. */
  readonly timeTtl?: number | undefined;

  /** `http(s)://[user:password@]host[:port]`; `false` ignores the environment's proxies. */
  readonly proxy?: string | false | undefined;
  readonly tls?: TlsOptions | undefined;
  /** Makes every connection; `proxy` and `tls` do not count then. */
  readonly agent?: Agent | undefined;
  /** Replaces node:http altogether. */
  readonly transport?: Transport | undefined;
  /** Bytes after decompression. Default 64 MiB. */
  readonly maxResponseBytes?: number | undefined;

  /** How integers above 2^53 are given. Default `number`: rounded. */
  readonly bigints?: BigintMode | undefined;
  /** See CallSettings. */
  readonly asciiJson?: boolean | undefined;
  /** `X-Schemas-Version` of calls below `/v2/`. */
  readonly schemaVersion?: string | undefined;
  /** Added to the User-Agent in parentheses. */
  readonly userAgent?: string | undefined;
  /**
   * What the schemas say about routes: `metadata` of `@fairlead/ovh/types/eu-metadata`, or of your own generator run. Then the logger
   * gets a warning, once per route, of calls that are deprecated, unknown, or without the identity that they need; `expand: 'auto'`
   * knows its lists, and members that hold secrets are redacted in errors.
   */
  readonly metadata?: RouteMetadata | undefined;
  readonly tokenStore?: TokenStore | undefined;

  readonly hooks?: Hooks | undefined;
  readonly logger?: Logger | undefined;
  readonly clock?: Clock | undefined;
  /** 0 to 1, of the jitter. */
  readonly random?: (() => number) | undefined;
}

/** One call. Nothing of it is changed. */
export interface CallOptions {
  /** Values of the `{variables}` of the path. */
  readonly path?: { readonly [name: string]: PathValue } | undefined;
  readonly query?: Query | undefined;
  /** Sent as JSON unless undefined. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly rawBody?: string | Uint8Array | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** `false`: neither signed nor with a token. */
  readonly auth?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** ms in total, over all attempts. */
  readonly timeout?: number | undefined;
  readonly timeouts?: Timeouts | undefined;
  readonly retry?: RetryOptions | false | undefined;
  /** `true`: repeating this POST does no harm. `false`: repeating this PUT or DELETE does. */
  readonly idempotent?: boolean | undefined;
}

/** An answer with everything around it. */
export interface OvhResponse<T> {
  readonly data: T;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly queryId: string | undefined;
  readonly pagination: Pagination;
  readonly url: string;
  /** Of the last attempt, to the head of the answer. */
  readonly durationMs: number;
  readonly attempts: number;
}

export interface Pagination {
  /** Of the next page; undefined on the last one. */
  readonly cursorNext: string | undefined;
  /** How many there are, where the API says. */
  readonly elements: number | undefined;
}

/** A parsed body to come; `withResponse()` gives it with status, headers and query id. */
export interface Pending<T> extends Promise<T> {
  withResponse(): Promise<OvhResponse<T>>;
}
