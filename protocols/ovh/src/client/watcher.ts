import { redactHeaders, redactUrl } from '../codec/redact.ts';
import type { WireAnswer, WireRequest } from '../transport/transport.ts';
import type { Passage } from './engine.ts';

/** A request as it may be shown: secrets in URL and headers are replaced (spec 3.15). */
export interface RequestEvent {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly attempt: number;
}

export interface ResponseEvent {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly queryId: string | undefined;
  readonly durationMs: number;
  readonly attempt: number;
}

export interface RetryEvent {
  /** The attempt that failed. */
  readonly attempt: number;
  readonly delayMs: number;
  /** `network`, `timeout`, the status, `clock` or `token`. */
  readonly reason: string;
  readonly error: unknown;
}

/** Called in passing: what they throw is ignored, and nothing waits for them. */
export interface Hooks {
  readonly beforeRequest?: ((event: RequestEvent) => void) | undefined;
  readonly afterResponse?: ((event: ResponseEvent) => void) | undefined;
  readonly onRetry?: ((event: RetryEvent) => void) | undefined;
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** What most loggers offer. Gets a text and an object without secrets. */
export interface Logger {
  debug(message: string, details: object): void;
  info(message: string, details: object): void;
  warn(message: string, details: object): void;
  error(message: string, details: object): void;
}

/** Tells the caller's hooks and logger what happens, without secrets. Costs nothing where there are none. */
export class Watcher {
  readonly #hooks: Hooks;
  readonly #logger: Logger | undefined;

  constructor(hooks: Hooks = {}, logger?: Logger) {
    this.#hooks = hooks;
    this.#logger = logger;
  }

  sending(request: WireRequest, attempt: number): void {
    const { beforeRequest } = this.#hooks;
    if (beforeRequest === undefined && this.#logger === undefined) return;
    const { method } = request;
    const event = { method, url: redactUrl(request.url), headers: redactHeaders(request.headers), attempt };
    quietly(() => beforeRequest?.(event));
    quietly(() => this.#logger?.debug(`${method} ${event.url}`, event));
  }

  answered(answer: WireAnswer, passage: Passage): void {
    const { afterResponse } = this.#hooks;
    if (afterResponse === undefined && this.#logger === undefined) return;
    const { status } = answer;
    const { method } = passage.request;
    const url = redactUrl(passage.request.url);
    const { attempts: attempt, durationMs } = passage;
    const headers = redactHeaders(answer.headers);
    const event = { method, url, status, headers, queryId: answer.headers['x-ovh-queryid'], durationMs, attempt };
    quietly(() => afterResponse?.(event));
    quietly(() => this.#logger?.debug(`${status} ${method} ${url}`, event));
  }

  retrying(event: RetryEvent): void {
    quietly(() => this.#hooks.onRetry?.(event));
    const { attempt, delayMs, reason } = event;
    quietly(() =>
      this.#logger?.info(`attempt ${attempt} failed (${reason}); again in ${Math.round(delayMs)} ms`, { attempt, delayMs, reason }),
    );
  }

  failed(error: unknown): void {
    quietly(() => this.#hooks.onError?.(error));
    const details = error instanceof Error && 'toJSON' in error ? (error as { toJSON(): object }).toJSON() : {};
    quietly(() => this.#logger?.warn(error instanceof Error ? error.message : 'the call was ended', details));
  }

  warn(message: string): void {
    quietly(() => this.#logger?.warn(message, {}));
  }
}

/** A logger that fails must not fail the call. */
function quietly(tell: () => unknown): void {
  try {
    const told = tell();
    // One that is async must not end the program either.
    if (told instanceof Promise) told.catch(() => undefined);
  } catch {
    // Its own business.
  }
}
