import type { CommitRecord, CommittedChange } from '../engine-contract.ts';
import type { Schema } from '../schema/schema.ts';
import type { ObjectValues, StorageChange, StoredWrite } from '../storage/object-storage.ts';
import type { EngineCore } from './core.ts';
import { changesOf, eventText, type ObjectChange } from './events.ts';
import { callerName, oidText } from './identity.ts';
import type { Level } from './level.ts';
import type { Transaction } from './transaction.ts';
import { effectiveValue, indexEntries } from './values.ts';

export type CommitResult = { readonly ok: true; readonly events: readonly string[] } | { readonly ok: false; readonly conflict: number };

/** Makes a transaction durable (cce 3.2): one store transaction, which fails as a whole when an object is not as it was seen. */
export async function commitTransaction(core: EngineCore, level: Level): Promise<CommitResult> {
  const { transaction } = level;
  const changes = changesOf(level);
  const events = changes.flatMap((change) => change.events.map(eventText));
  if (changes.length === 0) return { ok: true, events };
  const outcome = await core.commitTurns.take('', undefined, async () => {
    const made = await core.storage.commit(storageChange(core, transaction, changes));
    if (made.ok) tellAll(core, transaction, changes);
    return made;
  });
  if (!outcome.ok) return outcome;
  transaction.keep(changes.filter(({ kind }) => kind === 'create').map(({ object }) => object.oid));
  for (const change of changes) if (change.object.class === 'User') await followUser(core, transaction.language.schema, change);
  return { ok: true, events };
}

function storageChange(core: EngineCore, transaction: Transaction, changes: readonly ObjectChange[]): StorageChange {
  const { schema } = transaction.language;
  const writes: StoredWrite[] = changes
    .filter(({ kind }) => kind !== 'destroy')
    .map(({ object: { oid, class: className, values } }) => {
      const kept = { oid, class: className, values: withoutNosave(schema, className, values) };
      // Rows that the schema of today asks for, whatever the transaction began with: its indexes are complete for all objects.
      return { ...kept, index: indexEntries(core.language.schema, kept), seen: transaction.base(oid)?.version };
    });
  const removals = changes
    .filter(({ kind }) => kind === 'destroy')
    .map(({ object }) => ({ oid: object.oid, seen: transaction.base(object.oid)?.version ?? 0 }));
  return { writes, removals };
}

/** Properties that live as long as the transaction (cce 16). */
function withoutNosave(schema: Schema, className: string, values: ObjectValues): ObjectValues {
  const namespaces = schema.classes.get(className)?.namespaces;
  const isKept = (namespace: string, name: string) => namespaces?.get(namespace)?.properties.get(name)?.nosave !== true;
  return new Map(
    [...values].map(([namespace, properties]) => [namespace, new Map([...properties].filter(([name]) => isKept(namespace, name)))]),
  );
}

function tellAll(core: EngineCore, transaction: Transaction, changes: readonly ObjectChange[]): void {
  const { schema } = transaction.language;
  const record: CommitRecord = {
    transaction: transaction.id,
    atMs: core.clock.now(),
    callerOid: oidText(transaction.caller),
    callerName: callerName(transaction.caller),
    peer: transaction.peer,
    changes: changes.map((change) => committedChange(schema, change)),
  };
  for (const listener of core.listeners) tell(core, listener, record);
}

/** What a change of a User means for its connections and sessions. */
async function followUser(core: EngineCore, schema: Schema, change: ObjectChange): Promise<void> {
  const { kind, object, events } = change;
  const changed = new Set(events.map(({ namespace, name }) => (namespace === '' ? name : '')));
  const name = effectiveValue(schema.classes.get('User')?.namespaces.get(''), object, 'name') ?? '';
  if (kind === 'modify' && changed.has('name')) renameCallers(core, object.oid, name);
  if (endsSessions(schema, change, changed)) await endSessions(core, object.oid);
}

/** Destroyed, disabled, or with another password (cce 1.8). */
function endsSessions(schema: Schema, { kind, object }: ObjectChange, changed: ReadonlySet<string>): boolean {
  if (kind === 'destroy') return true;
  if (kind === 'create') return false;
  if (changed.has('password') || changed.has('crypt_password')) return true;
  const enabled = effectiveValue(schema.classes.get('User')?.namespaces.get(''), object, 'enabled') ?? '';
  return changed.has('enabled') && (enabled === '' || enabled === '0');
}

/** What is committed stays committed: a session that cannot be ended now is refused by the check of its user, or ends by itself. */
async function endSessions(core: EngineCore, oid: number): Promise<void> {
  try {
    await core.sessions.revokeUser(oid);
  } catch (error) {
    core.log.error({ err: error, oid }, 'the sessions of a user could not be ended');
  }
}

/** A connection knows its User by OID and name, since the OID may become another's. */
function renameCallers(core: EngineCore, oid: number, name: string): void {
  for (const connection of core.connections) {
    if (connection.identity.oid === oid) connection.identity = { ...connection.identity, name };
    const transaction = connection.open?.transaction;
    if (transaction?.caller.oid === oid) transaction.caller = { ...transaction.caller, name };
  }
}

function tell(core: EngineCore, listener: (commit: CommitRecord) => void, record: CommitRecord): void {
  try {
    listener(record);
  } catch (error) {
    core.log.error({ err: error, transaction: record.transaction }, 'a listener of commits failed');
  }
}

function committedChange(schema: Schema, { kind, object, events }: ObjectChange): CommittedChange {
  const base = { oid: String(object.oid), class: object.class, kind };
  if (kind === 'destroy') return { ...base, values: new Map() };
  const kept = withoutNosave(schema, object.class, object.values);
  if (kind === 'create') return { ...base, values: kept };
  const values = new Map<string, Map<string, string>>();
  for (const { namespace, name } of events) {
    const changed = values.get(namespace) ?? new Map<string, string>();
    values.set(namespace, changed.set(name, kept.get(namespace)?.get(name) ?? ''));
  }
  return { ...base, values };
}
