import { createUpstream, type Upstream, type UpstreamRequest } from '@fairlead/kernel/upstream';
import type { Outcome } from './classify.ts';
import type { AcronisClientOptions, Timeouts } from './options.ts';
import { retryAfterSeconds } from './retry-after.ts';
import type { ServerTime } from './server-time.ts';

const TIMEOUTS: Timeouts = { connectMs: 10_000, headersMs: 30_000, bodyMs: 30_000, callMs: 60_000 };
const MAX_ANSWER = 16 * 1024 * 1024;

/** One request and its whole answer: no retries, no redirects, every wait with an end. */
export class Exchange implements AsyncDisposable {
  readonly #upstream: Upstream;
  readonly #serverTime: ServerTime;
  readonly #callMs: number;

  constructor(options: AcronisClientOptions, serverTime: ServerTime) {
    const { callMs, ...waits } = { ...TIMEOUTS, ...options.timeouts };
    this.#callMs = callMs;
    this.#serverTime = serverTime;
    this.#upstream = createUpstream({
      name: `Acronis ${options.datacenter}`,
      baseUrl: options.url,
      ca: options.ca,
      ...waits,
      maxBodyBytes: options.maxAnswerBytes ?? MAX_ANSWER,
      log: options.log,
    });
  }

  /** Never rejects but with the reason of `signal`. */
  async send(request: UpstreamRequest, signal: AbortSignal | undefined): Promise<Outcome> {
    const deadline = AbortSignal.timeout(this.#callMs);
    try {
      const answer = await this.#upstream.request({ ...request, signal: signal ? AbortSignal.any([signal, deadline]) : deadline });
      const { headers, status } = answer;
      this.#serverTime.note(headers.date);
      const retryAfterS = retryAfterSeconds(headers['retry-after'], this.#serverTime.now());
      return { status, contentType: String(headers['content-type'] ?? ''), retryAfterS, body: await answer.body() };
    } catch (error) {
      signal?.throwIfAborted();
      return { error };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#upstream.close();
  }
}
