import { INSPECT } from '../config/secret.ts';
import { OvhError, type OvhErrorCode } from './errors.ts';

/** What an answer and its body say (spec 5.1); `path` and `url` have no secret values. */
export interface ApiErrorDetail {
  readonly status: number;
  readonly errorCode?: string | undefined;
  readonly httpCode?: string | undefined;
  readonly class?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly missingActions: readonly string[];
  readonly queryId?: string | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly location?: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly bodyText: string;
  readonly durationMs: number;
}

/**
 * The API answered, and not with 2xx. The message holds status, class, text, missing IAM permissions, call and query id;
 * `text` is the API's sentence alone.
 */
export class ApiError extends OvhError {
  override readonly name: string = 'ApiError';
  readonly code: OvhErrorCode = 'OVH_API';
  readonly status: number;
  /** `errorCode` of the legacy body, as `NOT_GRANTED_CALL`. */
  readonly errorCode: string | undefined;
  /** `httpCode` of the legacy body, as `403 Forbidden`. */
  readonly httpCode: string | undefined;
  /** `class` of the current body, as `Client::Forbidden::Busy`. */
  readonly class: string | undefined;
  /** The beginning of the API's own words, or of a body that is no JSON: at most 4096 characters. */
  readonly text: string;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  /** IAM actions that the caller lacks, as `vps:apiovh:reboot`. */
  readonly missingActions: readonly string[];
  /** What OVHcloud's support asks for. */
  readonly queryId: string | undefined;
  /** The load balancer's id. */
  readonly requestId: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly url: string;
  readonly durationMs: number;
  readonly #answer: Pick<ApiErrorDetail, 'headers' | 'body' | 'bodyText'>;

  constructor(message: string, text: string, detail: ApiErrorDetail) {
    super(message);
    this.text = text;
    this.status = detail.status;
    this.errorCode = detail.errorCode;
    this.httpCode = detail.httpCode;
    this.class = detail.class;
    this.details = detail.details;
    this.missingActions = detail.missingActions;
    this.queryId = detail.queryId;
    this.requestId = detail.requestId;
    this.method = detail.method;
    this.path = detail.path;
    this.url = detail.url;
    this.durationMs = detail.durationMs;
    this.#answer = { headers: detail.headers, body: detail.body, bodyText: detail.bodyText };
  }

  /** Headers of the answer, names in lower case. Not in logs. */
  get headers(): Readonly<Record<string, string>> {
    return this.#answer.headers;
  }

  /** The body as JSON, or `undefined` where it is none. Not in logs: it may repeat what was sent. */
  get body(): unknown {
    return this.#answer.body;
  }

  /** The body as text, at most 64 KiB. Not in logs. */
  get bodyText(): string {
    return this.#answer.bodyText;
  }

  override toJSON(): Record<string, unknown> {
    const { status, errorCode, class: kind, text, missingActions, queryId, requestId, method, path, durationMs } = this;
    return { ...super.toJSON(), status, errorCode, class: kind, text, missingActions, queryId, requestId, method, path, durationMs };
  }

  /** What Node shows of it. */
  [INSPECT](_depth: number, _options: object, inspect: (value: unknown) => string): string {
    return `${this.stack ?? this.message}\n${inspect(this.toJSON())}`;
  }
}

/** True for every answer of the API that was no success. */
export function isApiError(value: unknown): value is ApiError {
  return value instanceof ApiError;
}
