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
  const limited = async (connection: BackendConnection) => {
    // The password has proven right, whatever becomes of the command.
    if (identity.kind === 'password') await parts.gatekeeper.loginSucceeded(caller, identity.user);
    return work(classes === undefined ? connection : new ScopedConnection(connection, classes));
  };
  if (identity.kind === 'password') await parts.gatekeeper.beginLogin(caller, identity.user);
  return parts.backend.use(identity, limited, signal, { peer: caller.address, reads: readsOf(call.request.command) });
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
