import type { Headers } from './request.ts';
import type { RawAnswer } from './route.ts';

/** A request outside the API: SSO, certificates, health. */
export interface PlainCall {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** The body as a form (`application/x-www-form-urlencoded`). */
  readonly form: URLSearchParams;
  readonly address: string;
  readonly signal: AbortSignal;
}

export interface PlainRoute {
  readonly methods: readonly string[];
  /** Below the base path; case counts. */
  readonly path: string;
  handle(call: PlainCall): Promise<RawAnswer>;
}
