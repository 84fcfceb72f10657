import type { Operation } from '@fairlead/cscp/codec';
import { CceError } from '../../errors.ts';
import type { Answer } from '../../map/answer.ts';
import { type Command, OID, refused } from '../../map/command.ts';
import { answerCommit, COMMIT_REFUSED } from '../queue/commit.ts';
import { answerBegin, queueCommand } from '../queue/queueing.ts';
import { answerVersion, PONG } from './about.ts';
import { answerAdmin, answerSuspended } from './admin.ts';
import { FAILED, passed } from './answers.ts';
import type { Call } from './call.ts';
import { answerEvents } from './events.ts';
import { answerFind } from './find.ts';
import { answerGetAll, answerGetAllOf, GETALL_REFUSED, NOTHING_NAMED } from './get-all.ts';
import { answerGetObject } from './get-object.ts';
import { createOnce } from './idempotent.ts';
import { answerList } from './names.ts';
import { answerBatch, createDeep, createObject, destroyObject, getObject, setObject } from './objects.ts';
import { answerSchema } from './schema.ts';
import { answerAuth, answerAuthkey, answerBye, answerEndkey, answerLogin, answerWhoami, WHOAMI_REFUSED } from './sessions.ts';

/** Carries out one command for a caller who may try it. Rejects with what the gateway itself refuses (cce 5.6). */
export async function runCommand(call: Call): Promise<Answer> {
  requireVerb(call);
  if (hasNoDryRun(call)) return passed(call, refused(403).reply);
  try {
    return (await queueCommand(call)) ?? (await answerNow(call, call.request.command));
  } catch (error) {
    if (call.request.verb === 'LOGIN' || !CceError.is(error, 'CCE_LOGIN_FAILED')) throw error;
    return await refuseCredentials(call);
  }
}

/** What any secret may do: they change nothing, or only what is its own. */
const FREE: ReadonlySet<string> = new Set(['LOGIN', 'PING', 'WHOAMI', 'BYE', 'ENDKEY', 'BEGIN', 'COMMIT', 'HELP', 'VERSION']);

/** cce 12.5: the verbs of the secret. Throws `CCE_FORBIDDEN`. */
export function requireVerb({ admission, request }: Call): void {
  const verbs = admission.scope?.verbs;
  if (verbs !== undefined && !FREE.has(request.verb) && !verbs.has(request.verb)) throw CceError('CCE_FORBIDDEN');
}

/** Commands that change something and of which there is no trial (cce 12.6): whoever asks for one must not get the real thing. */
function hasNoDryRun({ request: { command, options } }: Call): boolean {
  return options.dryRun && command.kind === 'operation' && (command.operation.verb === 'COMMIT' || command.operation.verb === 'ADMIN');
}

const REFUSED: Readonly<Record<string, Answer>> = { WHOAMI: WHOAMI_REFUSED, GETALL: GETALL_REFUSED, COMMIT: COMMIT_REFUSED };

/** Credentials that do not hold (cce 6.20): nothing was carried out, and it counts. */
async function refuseCredentials({ admission, caller, parts, request }: Call): Promise<Answer> {
  const { identity } = admission;
  if (identity.kind === 'session') await parts.gatekeeper.loginFailed(caller, identity.user, identity.sessionId);
  if (identity.kind === 'password') await parts.gatekeeper.loginFailed(caller, identity.user);
  return REFUSED[request.verb] ?? FAILED;
}

function answerNow(call: Call, command: Command): Promise<Answer> {
  switch (command.kind) {
    case 'operation':
      return answerOperation(call, command.operation);
    case 'create-deep':
      return createOnce(call, command, () => createDeep(call, command.operation, command.namespaces));
    case 'find':
      return answerFind(call, command.search, command.style);
    case 'get-object':
      return answerGetObject(call, command.search, command.namespace);
    case 'get-all':
      return answerGetAll(call, command.search);
    case 'get-all-of':
      return answerGetAllOf(call, command.oids, command.props);
    case 'get-all-of-nothing':
      return Promise.resolve(NOTHING_NAMED);
    case 'batch':
      return answerBatch(call, command.operations);
    case 'schema':
      return answerSchema(call, command);
    case 'events':
      return answerEvents(call, command);
    case 'word':
      return answerWord(call, command.word);
    case 'refused':
      return Promise.resolve(passed(call, command.reply));
  }
}

function answerOperation(call: Call, operation: Operation): Promise<Answer> {
  // A reference means something only in a queue (cce 8.3).
  if ('oid' in operation && !OID.test(operation.oid)) return Promise.resolve(passed(call, refused(403).reply));
  switch (operation.verb) {
    case 'AUTH':
      return answerAuth(call, operation);
    case 'AUTHKEY':
      return answerAuthkey(call, operation);
    case 'WHOAMI':
      return answerWhoami(call);
    case 'BYE':
      return answerBye(call);
    case 'ENDKEY':
      return answerEndkey(call);
    case 'BEGIN':
      return answerBegin(call);
    case 'COMMIT':
      return answerCommit(call);
    case 'GET':
      return getObject(call, operation);
    case 'SET':
      return setObject(call, operation);
    case 'CREATE':
      return createOnce(call, { operation }, () => createObject(call, operation));
    case 'DESTROY':
      return destroyObject(call, operation);
    case 'ADMIN':
      return answerAdmin(call, operation);
    case 'NAMES':
    case 'CLASSES':
    case 'HELP':
      return answerList(call, operation);
    default:
      return Promise.resolve(passed(call, refused(402).reply));
  }
}

function answerWord(call: Call, word: Extract<Command, { kind: 'word' }>['word']): Promise<Answer> {
  if (word === 'PING') return Promise.resolve(PONG);
  if (word === 'LOGIN') return answerLogin(call);
  return word === 'VERSION' ? answerVersion(call) : answerSuspended(call);
}
