import { CloudStackError, type CloudStackErrorCode } from './errors.ts';

/** An HTTP answer, unpacked. */
export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** What is asked about an answer: which command it belongs to, and what must not be repeated in errors. */
export interface AnswerContext {
  readonly command: string;
  readonly secrets: readonly string[];
}

/**
 * The inside of the single top key, whatever its name (ovirt spec 9.3: names cannot be relied on).
 * @throws CloudStackError `CLOUDSTACK_BAD_ANSWER` for anything that is not such JSON; the code of the envelope for an error
 */
export function readAnswer(raw: RawAnswer, context: AnswerContext): unknown {
  const parsed = parseJson(raw, context);
  if (parsed === null && raw.status >= 400) throw refusal(raw, {}, context);
  const inner = singleValue(parsed);
  if (inner === undefined) throw badAnswer(raw, context, 'not one JSON object with one key');
  if (raw.status >= 400 || hasErrorCode(inner)) throw refusal(raw, inner, context);
  return inner;
}

/** The value of an object's only key; undefined when it is no object or has another number of keys. */
export function singleValue(value: unknown): unknown {
  if (!isRecord(value)) return undefined;
  const values = Object.values(value);
  return values.length === 1 ? (values[0] ?? {}) : undefined;
}

/** A JSON object, not a list and not null. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Strikes out everything that is secret. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets.filter((secret) => secret !== '').reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}

/** The wait that a text such as `please retry after [1928] ms.` asks for, in ms. */
export function retryAfter(text: string | undefined): number | undefined {
  const found = /retry after \[?(\d{1,9})\]? ?ms/i.exec(text ?? '');
  return found?.[1] === undefined ? undefined : Number(found[1]);
}

function parseJson(raw: RawAnswer, context: AnswerContext): unknown {
  // CloudStack says application/json or, with old settings, text/javascript; everything else comes from somebody in between.
  if (!/json|javascript/i.test(raw.contentType)) throw badAnswer(raw, context, 'not JSON');
  try {
    return JSON.parse(raw.body);
  } catch {
    throw badAnswer(raw, context, 'broken JSON');
  }
}

function badAnswer(raw: RawAnswer, context: AnswerContext, why: string): CloudStackError {
  const words = firstWords(redact(raw.body, context.secrets));
  const text = `CloudStack answered ${context.command} with HTTP ${raw.status}, ${why}${words === '' ? '' : `: ${words}`}`;
  return new CloudStackError('CLOUDSTACK_BAD_ANSWER', text, { command: context.command, httpStatus: raw.status });
}

/** Enough of a page to recognise it: no tags, no control characters, 120 characters. */
function firstWords(body: string): string {
  const plain = body
    .slice(0, 4096)
    .replace(/<[^<>]*>/g, ' ')
    .replace(/[^\P{C} ]/gu, ' ');
  return plain.replace(/\s+/g, ' ').trim().slice(0, 120);
}

/** Messages are printed: no line end, no escape sequence. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}]+/gu, ' ');
}

function refusal(raw: RawAnswer, inner: unknown, context: AnswerContext): CloudStackError {
  const body = isRecord(inner) ? inner : {};
  const errorCode = typeof body.errorcode === 'number' ? body.errorcode : raw.status;
  const csErrorCode = typeof body.cserrorcode === 'number' ? body.cserrorcode : undefined;
  const errorText = typeof body.errortext === 'string' ? redact(body.errortext, context.secrets) : undefined;
  const code = codeOf(errorCode, context.command);
  const words = errorText === undefined || code === 'CLOUDSTACK_LOGIN_FAILED' ? '' : ` ${oneLine(errorText)}`;
  const message = `CloudStack refused ${context.command}: ${errorCode}${words}`;
  const { command } = context;
  return new CloudStackError(code, message, {
    command,
    httpStatus: raw.status,
    errorCode,
    csErrorCode,
    errorText,
    retryAfterMs: retryAfter(errorText),
  });
}

function codeOf(errorCode: number, command: string): CloudStackErrorCode {
  if (errorCode === 429) return 'CLOUDSTACK_RATE_LIMITED';
  // 531 is every failed login; with 401 and 431 it never says more than that the credentials do not count.
  if (command === 'login') return 'CLOUDSTACK_LOGIN_FAILED';
  if (errorCode === 401) return 'CLOUDSTACK_UNAUTHORIZED';
  if (errorCode === 432) return 'CLOUDSTACK_NOT_OFFERED';
  return 'CLOUDSTACK_REFUSED';
}

function hasErrorCode(inner: unknown): boolean {
  return isRecord(inner) && typeof inner.errorcode === 'number';
}
