import { type AnswerIds, answerBody, type Callback, type ErrorPayload, errorBody } from '@fairlead/acronis/codec';
import { GatewayError } from '@fairlead/kernel/errors';
import { newUuid } from '@fairlead/kernel/ids';
import { CyberappError } from '../errors.ts';
import type { KeptAnswer } from '../service/replay.ts';
import { isStoreAway } from '../service/store-away.ts';

/** What goes out: the body once as text, so that a repeated answer is the same to the byte. */
export interface Answer extends KeptAnswer {
  readonly retryAfterS?: number | undefined;
  /** Of a refusal: by it the line in the log is found. */
  readonly responseId?: string | undefined;
}

export function success(callback: Callback, requestId: string, payload: unknown): Answer {
  const ids: AnswerIds = { requestId, responseId: newUuid() };
  return {
    status: 200,
    body: JSON.stringify(answerBody(callback.responseType, ids, callback.response === undefined ? undefined : payload)),
  };
}

/**
 * A refusal. What a custom callback declares is answered by a type of its own; where the app version declares nothing, a missing user or
 * tenant is a success without effect, as the sample answers it (cyberapp 2.9). Every other one has the error body of 2.6.
 */
export function refusal(error: GatewayError, requestId: string | undefined, callback?: Callback): Answer {
  const { declared } = error.detail;
  if (callback !== undefined && requestId !== undefined && typeof declared === 'string') {
    const known = callback.errors.find(({ codes }) => codes.includes(declared));
    if (known !== undefined) {
      const ids = { requestId, responseId: newUuid() };
      return { status: known.status, body: JSON.stringify(answerBody(known.type, ids, errorPayload(error, declared))) };
    }
    if (error.status === 404) return success(callback, requestId, {});
    return plain(error, 400, requestId);
  }
  return plain(error, error.status, requestId);
}

function plain(error: GatewayError, status: number, requestId: string | undefined): Answer {
  const responseId = newUuid();
  const body = JSON.stringify(errorBody({ requestId, responseId }, error.publicText));
  return { status, body, responseId, retryAfterS: error.retryAfterS };
}

function errorPayload(error: GatewayError, code: string): ErrorPayload {
  const { field } = error.detail;
  const payload = { code, message: error.publicText };
  return typeof field === 'string' ? { ...payload, field } : payload;
}

const RETRY_S = 5;

/** What was thrown as an error that may be answered with; of anything unexpected no word goes out. */
export function answerable(error: unknown): GatewayError {
  if (isStoreAway(error)) return CyberappError('CYBERAPP_UNAVAILABLE', {}, { retryAfterS: RETRY_S, cause: error });
  return GatewayError.from(error);
}
