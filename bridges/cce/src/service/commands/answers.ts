import type { Reply } from '@fairlead/cscp/codec';
import type { EngineReply } from '@fairlead/engine-cce';
import type { Answer } from '../../map/answer.ts';
import type { Answerable } from '../../map/json.ts';
import { errorsOf, infosOf, isSuccess, type Message } from '../../map/reply.ts';
import type { Call } from './call.ts';

type Data = Readonly<Record<string, Answerable | undefined>>;

/** `{"status":401,"message":"GOODBYE",…}`: credentials that do not hold, and every plain failure (cce 6.20). */
export const FAILED: Answer = { status: 401, message: 'GOODBYE', passed: true, data: { errors: [{ code: 401, message: 'FAIL' }] } };

/** A command that was passed to CSCP (cce 5.4): `data` only when it succeeded, errors and infos beside it. */
export function passed(call: Call, reply: EngineReply, data: Data = {}): Answer {
  return { status: statusOf(reply), message: 'GOODBYE', passed: true, data: { ...(isSuccess(reply) && data), ...toldBy(call, reply) } };
}

/** A command of ours, which says OK when it could do its work (cce 5.4), and otherwise why CSCP could not. */
export function composed(call: Call, reply: EngineReply, data: Data): Answer {
  return isSuccess(reply) ? { status: 201, message: 'OK', data: { ...data, ...toldBy(call, reply) } } : passed(call, reply);
}

/** 202 is how CSCP ends a connection; JSON knows one success (cce 6.14). */
function statusOf(reply: Reply): number {
  return isSuccess(reply) ? 201 : reply.end;
}

/** What the lines of a reply tell besides values, and what the engine adds (cce 12.1, 12.2). */
export function toldBy(call: Call, reply: EngineReply): Data {
  const infos = infosOf(reply);
  const errors = withTexts(call, errorsOf(reply));
  const wantsEvents = call.request.options.events && isSuccess(reply);
  return {
    errors: errors.length === 0 ? undefined : errors,
    infos: infos.length === 0 ? undefined : infos.map(asAnswerable),
    events: wantsEvents && reply.events !== undefined ? [...reply.events] : undefined,
    rollback: reply.rollback === undefined ? undefined : true,
    rollback_events: reply.rollback === undefined ? undefined : [...reply.rollback],
  };
}

/** `errors[i].text` for those who ask with `messages` (cce 12.6). */
export function withTexts({ request, parts }: Call, errors: readonly Message[]): Answerable[] {
  if (!request.options.messages) return errors.map(asAnswerable);
  return errors.map((error) => ({ ...error, text: parts.textOf?.(/"(\[\[.*\]\])"$/.exec(error.message)?.[1] ?? error.message) }));
}

function asAnswerable({ code, message }: Message): Answerable {
  return { code, message };
}
