import { STATUS_CODES } from 'node:http';
import type { Row } from './json.ts';

/** How the bodies of errors look (5.1). */
export type ErrorStyle = 'legacy' | 'current' | 'both';

/** What an error says besides its status. */
export interface RefusalText {
  /** `Client::Forbidden::Busy`. */
  readonly class: string;
  readonly message: string;
  /** `NOT_CREDENTIAL`; the API has none for most errors. */
  readonly errorCode?: string;
  readonly details?: Row;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is not there. */
  readonly object?: { readonly member: string; readonly value: string };
  /** Seconds after which the call may be made again. */
  readonly retryAfter?: number;
}

/** An answer that is an error of the API. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly text: RefusalText;

  constructor(status: number, text: RefusalText) {
    super(text.message);
    this.status = status;
    this.text = text;
  }

  /** The members of the body. */
  body(style: ErrorStyle): Row {
    const { class: kind, message, errorCode, details } = this.text;
    const legacy: Row = { httpCode: `${this.status} ${STATUS_CODES[this.status] ?? 'Unknown'}` };
    if (errorCode !== undefined) legacy.errorCode = errorCode;
    const current: Row = { class: kind };
    if (details !== undefined) current.details = details;
    return { ...(style === 'current' ? {} : legacy), ...(style === 'legacy' ? {} : current), message };
  }
}

const FORBIDDEN = 'Client::Forbidden';

/** The errors of 9.1, each as the API words it. */
export const refuse = {
  invalidKey: () => new Refusal(403, { class: FORBIDDEN, errorCode: 'INVALID_KEY', message: 'This application key is invalid' }),
  notLoggedIn: () => new Refusal(401, { class: 'Client::Unauthorized', message: 'You must login first' }),
  badToken: () => new Refusal(401, { class: 'Client::Unauthorized', message: 'The access token is invalid or has expired' }),
  queryTimeOut: () => new Refusal(400, { class: 'Client::BadRequest', errorCode: 'QUERY_TIME_OUT', message: 'Query out of time' }),
  notCredential: () => new Refusal(403, { class: FORBIDDEN, errorCode: 'NOT_CREDENTIAL', message: 'This credential does not exist' }),
  invalidSignature: () => new Refusal(400, { class: 'Client::BadRequest', errorCode: 'INVALID_SIGNATURE', message: 'Invalid signature' }),
  invalidCredential: () => new Refusal(403, { class: FORBIDDEN, errorCode: 'INVALID_CREDENTIAL', message: 'This credential is not valid' }),
  address: () =>
    new Refusal(403, { class: FORBIDDEN, errorCode: 'FORBIDDEN', message: 'Your IP address is not allowed to use this credential' }),
  notGranted: () => new Refusal(403, { class: FORBIDDEN, errorCode: 'NOT_GRANTED_CALL', message: 'This call has not been granted' }),
  iam: (action: string) =>
    new Refusal(403, {
      class: FORBIDDEN,
      message: 'User not granted for this request',
      details: { unauthorizedActionsByAuthentication: '', unauthorizedActionsByIAM: action },
    }),
  noRoute: () => new Refusal(404, { class: 'Client::NotFound', message: 'Got an invalid (or empty) URL' }),
  noObject: (member: string, value: string) =>
    new Refusal(404, {
      class: 'Client::NotFound',
      message: `The requested object (${member} = ${value}) does not exist`,
      object: { member, value },
    }),
  badCursor: () => new Refusal(400, { class: 'Client::BadRequest', message: 'invalid cursor' }),
  badRequest: (message: string) => new Refusal(400, { class: 'Client::BadRequest', message }),
  conflict: (message: string) => new Refusal(409, { class: 'Client::Conflict', message }),
  tooLarge: () => new Refusal(413, { class: 'Client::BadRequest', message: 'The body is too large' }),
  tooMany: (seconds: number) => new Refusal(429, { class: 'Client::TooManyRequests', message: 'Too many requests', retryAfter: seconds }),
} as const;
