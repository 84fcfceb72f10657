import type { Clock } from '@fairlead/kernel/clock';
import type { Callback, CallbackName, CallbackOptions, JsonObject } from '../../codec/index.ts';
import type { RequestSigner, TokenWish } from '../signing/request-signer.ts';
import type { WireAnswer } from './exchange.ts';

export interface DriverOptions {
  /** Of the handler: `https://host:8444/callback`. */
  readonly url: string;
  readonly appCode: string;
  /** `context.tenant_id` unless a call says otherwise. */
  readonly tenantId: string;
  readonly datacenterUrl: string;
  /** Absent: no `X-CyberApp-Auth` is sent, as for mirrored callbacks. */
  readonly identity?: string | undefined;
  readonly password?: string | undefined;
  /** `X-CyberApp-Extra`; default `{}`. */
  readonly extra?: JsonObject | undefined;
  /** Absent: no `Authorization` is sent. */
  readonly signer?: RequestSigner | undefined;
  /** For `created_at` and the waits between repeats. Default: the machine's. */
  readonly clock?: Clock | undefined;
  /** PEM of roots to trust instead of the system's. */
  readonly ca?: string | undefined;
  /** Real ms. Default 30 000. */
  readonly timeoutMs?: number | undefined;
  /** What the app version has registered. */
  readonly registered?: Omit<CallbackOptions, 'app'> | undefined;
  /** What to do about a 429 that says when to come back (ms): true sends the same once more. Default: it is the answer. */
  readonly onThrottled?: ((retryAfterMs: number) => Promise<boolean>) | undefined;
  /** Told of every success, as Acronis stores its own copy then. */
  readonly onAccepted?: ((accepted: Accepted) => void) | undefined;
}

/** A callback that the handler has answered with success. */
export interface Accepted {
  readonly name: CallbackName;
  readonly tenantId: string;
  readonly payload: unknown;
}

/** What of one call is other than usual. */
export interface CallOverrides {
  readonly requestId?: string | undefined;
  readonly tenantId?: string | undefined;
  readonly datacenterUrl?: string | undefined;
  readonly endpointId?: string | undefined;
  /** Members of the body, added or put in place; undefined takes one away. */
  readonly members?: Readonly<Record<string, unknown>> | undefined;
  /** The same for the context. */
  readonly context?: Readonly<Record<string, unknown>> | undefined;
  /** Of the request token; `endpointId` is what it was issued for. */
  readonly token?: (TokenWish & { readonly endpointId?: string | undefined }) | undefined;
  /** Put in place of the usual ones; undefined takes one away, several values repeat it. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>> | undefined;
}

/** A request of any shape, for what no gateway sends. */
export interface RawRequest {
  /** Default POST. */
  readonly method?: string | undefined;
  readonly headers?: CallOverrides['headers'];
  readonly token?: CallOverrides['token'];
  readonly body: string | Buffer;
}

/** What came back, and what the gateway would say of it. */
export interface DriverAnswer extends WireAnswer {
  /** Parsed; undefined for what is no JSON. */
  readonly body: unknown;
  /** `payload` of the body. */
  readonly payload: unknown;
  readonly requestId: string;
  /** Why the gateway calls it an invalid format; empty for good answers and declared errors. Of raw requests always empty. */
  readonly problems: readonly string[];
  /** 200 and nothing wrong with it. */
  readonly accepted: boolean;
}

/** A request that was sent, to be sent again. */
export interface Sent {
  readonly callback: Callback | undefined;
  readonly requestId: string;
  readonly tenantId: string;
  readonly payload: unknown;
  readonly headers: CallOverrides['headers'];
  readonly token: CallOverrides['token'];
  readonly method: string;
  readonly body: string | Buffer;
}
