import type { Operation } from '@fairlead/cscp/codec';
import type { Answer } from '../../map/answer.ts';
import { localTime } from '../../map/local-time.ts';
import { errorsOf, isSuccess, oidsOf } from '../../map/reply.ts';
import { FAILED, withTexts } from './answers.ts';
import { type Call, execute, requireIdentity, tryPassword, withConnection } from './call.ts';

type Of<Verb extends Operation['verb']> = Extract<Operation, { verb: Verb }>;

const DONE: Answer = { status: 201, message: 'GOODBYE', passed: true };

/** AUTH (cce 6.2). Empty names and passwords fail: they would be the anonymous session. */
export async function answerAuth(call: Call, { user, password }: Of<'AUTH'>): Promise<Answer> {
  const sessionid = await tryPassword(call, user, async (isRight) => {
    const made = user === '' || password === '' ? undefined : await call.parts.backend.login(user, password, call.signal);
    if (made !== undefined) await isRight();
    return made;
  });
  return sessionid === undefined ? refuseLogin(call, user) : { ...DONE, data: { sessionid } };
}

/** AUTHKEY (cce 6.3). */
export async function answerAuthkey({ parts, caller, signal }: Call, { user, sessionId }: Of<'AUTHKEY'>): Promise<Answer> {
  const isAlive = user !== '' && sessionId !== '' && (await parts.backend.verify(user, sessionId, signal));
  if (!isAlive) return refuseLogin({ parts, caller }, user, sessionId);
  await parts.gatekeeper.loginSucceeded(caller, user);
  return parts.settings.authkeyEcho ? { ...DONE, data: { sessionid: sessionId } } : DONE;
}

async function refuseLogin({ parts, caller }: Pick<Call, 'parts' | 'caller'>, user: string, sessionId?: string): Promise<Answer> {
  await parts.gatekeeper.loginFailed(caller, user, sessionId);
  return FAILED;
}

/** WHOAMI of credentials that do not hold: the status of a success, as the seed has it (cce 6.4). */
export const WHOAMI_REFUSED: Answer = { ...DONE, data: { errors: [{ code: 401, message: 'FAIL' }], oid: '-1' } };

/** WHOAMI (cce 6.4). */
export function answerWhoami(call: Call): Promise<Answer> {
  return withConnection(call, async (connection) => {
    const reply = await execute(call, connection, { verb: 'WHOAMI' });
    const errors = errorsOf(reply);
    return {
      ...DONE,
      data: { errors: errors.length === 0 ? undefined : withTexts(call, errors), oid: (isSuccess(reply) && oidsOf(reply)[0]) || '-1' },
    };
  });
}

/** BYE (cce 6.14): moves the end of a session on, or ends a token; what was queued is dropped. */
export async function answerBye(call: Call): Promise<Answer> {
  const { admission, parts } = call;
  await requireIdentity(call);
  if (admission.queueKey !== undefined) await parts.transactions.drop(admission.queueKey);
  if (admission.token !== undefined) await parts.gatekeeper.revokeToken(admission.token);
  return DONE;
}

/** ENDKEY (cce 6.14): also of a session that ended before. */
export async function answerEndkey({ admission, parts, signal }: Call): Promise<Answer> {
  const { identity, queueKey, token } = admission;
  if (queueKey !== undefined) await parts.transactions.drop(queueKey);
  if (token !== undefined) await parts.gatekeeper.revokeToken(token);
  if (identity.kind === 'session') await parts.backend.endSession(identity.user, identity.sessionId, signal);
  return DONE;
}

/** LOGIN (cce 7.3): a token for a caller from afar. */
export async function answerLogin({ parts, caller, signal }: Call): Promise<Answer> {
  const { token, expiresMs } = await parts.gatekeeper.issueToken(caller, signal);
  return { status: 201, message: 'TOKEN ISSUED', data: { expires: localTime(expiresMs), token } };
}
