import { texts } from '@fairlead/imageio/codec';
import { GatewayError } from '@fairlead/kernel/errors';
import type { Log } from '@fairlead/kernel/log';
import { ImageError } from '../../errors.ts';
import type { Answer } from '../wire/answer.ts';

/**
 * The one mapping from an error to what the data API answers (imageio 2.2, 2.10, 2.11): plain text, with the details of internal failures in the log
 * only. All refusals of authorisation end the connection, and so does a body that was not read.
 */
export function toAnswer(error: unknown, bodyUnread: boolean): Answer {
  const failure = GatewayError.from(error);
  const limit = failure.detail.limit;
  const headers = {
    ...(failure.status === 416 && typeof limit === 'number' && { 'content-range': `bytes */${limit}` }),
    ...(failure.retryAfterS !== undefined && { 'retry-after': String(failure.retryAfterS) }),
  };
  const close = bodyUnread || ImageError.is(error, 'IMAGE_TICKET_FORBIDDEN') || ENDS.has(failure.code);
  return { status: failure.status, body: `${textOf(failure)}\n`, headers, close };
}

/** Callers' mistakes are common; what is ours or the storage's is worth an operator's eye. */
export function logFailure(log: Log, error: unknown, facts: Readonly<Record<string, unknown>>): void {
  const { code, blame } = GatewayError.from(error);
  const line = { ...facts, code, err: error };
  if (blame === 'caller') log.info({ ...facts, code }, 'request refused');
  else if (blame === 'upstream') log.warn(line, 'request failed in the storage');
  else log.error(line, 'request failed');
}

const ENDS = new Set(['IMAGE_BODY_CUT', 'IMAGE_BODY_STALLED', 'IMAGE_BODY_TOO_LARGE', 'IMAGE_URI_TOO_LONG']);

/** Paths and programs of the host are nobody's business on this face. */
const PUBLIC_FAILURES = new Set(['IMAGE_NO_SPACE', 'IMAGE_TOO_MANY_CONNECTIONS', 'IMAGE_PROXY_UNREACHABLE']);

function textOf(failure: GatewayError): string {
  if (failure.status < 500) return failure.publicText;
  return PUBLIC_FAILURES.has(failure.code) ? failure.publicText : texts.serverFailed;
}
