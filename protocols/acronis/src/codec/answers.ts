/** What an answer to a callback begins with; the id of the answer is a new UUID, or that of the answer it repeats. */
export interface AnswerIds {
  readonly requestId: string;
  readonly responseId: string;
}

/** The body of a success, and of an error that a custom callback declares: exactly these members (CyberApp 2.6). */
export interface AnswerBody {
  readonly type: string;
  readonly request_id: string;
  readonly response_id: string;
  readonly payload?: unknown;
}

/** The body of every other refusal. */
export interface ErrorBody {
  readonly request_id?: string;
  readonly response_id: string;
  readonly message: string;
  /** The same: Acronis shows this one, the sample's callers read the other. */
  readonly err_message: string;
}

/** Headers of every answer to a callback. */
export const ANSWER_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
};

/** Without a payload the member is left out. */
export function answerBody(type: string, ids: AnswerIds, payload?: unknown): AnswerBody {
  const body = { type, request_id: ids.requestId, response_id: ids.responseId };
  return payload === undefined ? body : { ...body, payload };
}

/** @param text one sentence for the administrator, without internals */
export function errorBody(ids: { readonly requestId?: string | undefined; readonly responseId: string }, text: string): ErrorBody {
  const body = { response_id: ids.responseId, message: text, err_message: text };
  return ids.requestId === undefined ? body : { request_id: ids.requestId, ...body };
}
