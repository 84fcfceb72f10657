import type { EngineReply, ExecuteOptions } from '@fairlead/engine-cce';
import type { Clock } from '@fairlead/kernel/clock';
import { CceError } from '../../errors.ts';
import type { CceRequest, Command } from '../../map/command.ts';
import type { KeptAnswers } from '../../store/kept-answers.ts';
import type { Backend, BackendConnection } from '../backend.ts';
import type { EventHistory } from '../events/event-history.ts';
import type { Transactions } from '../queue/transactions.ts';
import type { Admission, ApiCaller, Gatekeeper } from '../security/gatekeeper.ts';
import { ScopedConnection } from './scoped-connection.ts';

/** Of the configuration, what commands ask (cce 9). */
export interface CommandSettings {
  /** AUTHKEY tells the session id again (cce 6.3). */
  readonly authkeyEcho: boolean;
  /** GETOBJECT answers names in small letters, as the seed's sample shows (cce 5.4). */
  readonly lowercaseGetobject: boolean;
  readonly dtsMode: 'atomic' | 'sequential';
  /** Reads inside of a transaction are queued as well (cce 8.2). */
  readonly dtsQueueReads: boolean;
}

/** What commands stand on. */
export interface CommandParts {
  readonly backend: Backend;
  readonly gatekeeper: Gatekeeper;
  readonly transactions: Transactions;
  readonly kept: KeptAnswers;
  readonly events: EventHistory;
  readonly settings: CommandSettings;
  readonly clock: Clock;
  /** Version of the gateway. */
  readonly version: string;
  /** The text for people behind a `[[domain.tag]]`; undefined when nobody wrote one (cce 12.6). */
  readonly textOf?: ((message: string) => string | undefined) | undefined;
}

/** One request on its way through the commands. */
export interface Call {
  readonly request: CceRequest;
  readonly caller: ApiCaller;
  readonly admission: Admission;
  readonly parts: CommandParts;
  readonly signal: AbortSignal;
  /** `Idempotency-Key`. */
  readonly idempotencyKey?: string | undefined;
}

/**
 * Works at the backend as whoever calls, inside of the limits of the secret that was shown. Rejects with `CCE_LOGIN_FAILED` when the credentials do
 * not hold: nothing has been carried out then (cce 6.20).
 */
export async function withConnection<T>(call: Call, work: (connection: BackendConnection) => Promise<T>): Promise<T> {
  const { admission, caller, parts, signal } = call;
  const { identity } = admission;
  const { classes } = admission.scope ?? {};
  const limited = (connection: BackendConnection) => work(classes === undefined ? connection : new ScopedConnection(connection, classes));
  const use = (within: typeof limited) =>
    parts.backend.use(identity, within, signal, { peer: caller.address, reads: readsOf(call.request.command) });
  if (identity.kind !== 'password') return use(limited);
  return tryPassword(call, identity.user, (isRight) =>
    use(async (connection) => {
      await isRight();
      return limited(connection);
    }),
  );
}

/** Shows a password to the backend; `isRight` is called as soon as it has proven so, whatever becomes of the command then. */
export async function tryPassword<T>(
  { caller, parts }: Call,
  user: string,
  attempt: (isRight: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const { gatekeeper } = parts;
  await gatekeeper.beginLogin(caller, user);
  let isHeard = false;
  const isRight = async () => {
    isHeard = true;
    await gatekeeper.loginSucceeded(caller, user);
  };
  try {
    return await attempt(isRight);
  } catch (error) {
    // A refusal is counted by whoever answers it.
    if (!isHeard && !CceError.is(error, 'CCE_LOGIN_FAILED')) gatekeeper.loginUnheard(caller, user);
    throw error;
  }
}

/** What a command looks at before anything else. */
function readsOf(command: Command): readonly string[] | undefined {
  if (command.kind === 'get-all-of') return command.oids;
  return command.kind === 'operation' && command.operation.verb === 'GET' ? [command.operation.oid] : undefined;
}

/** One command of CSCP with the options of the request that concern it. */
export function execute(
  call: Call,
  connection: BackendConnection,
  ...[operation, dryRun]: [Parameters<BackendConnection['execute']>[0], boolean?]
): Promise<EngineReply> {
  const options: ExecuteOptions = { signal: call.signal, dryRun: dryRun === true ? true : undefined };
  return connection.execute(operation, options);
}

/** Finds out whether the credentials hold, for a command that asks nothing of CSCP. */
export async function requireIdentity(call: Call): Promise<void> {
  if (call.admission.identity.kind === 'anonymous') return;
  await withConnection(call, async () => undefined);
}

/** Whether a secret allows the class. Throws `CCE_FORBIDDEN`. */
export function requireClass(call: Call, name: string): void {
  if (!allowsClass(call, name)) throw CceError('CCE_FORBIDDEN');
}

export function allowsClass({ admission }: Call, name: string): boolean {
  return admission.scope?.classes?.has(name) ?? true;
}
