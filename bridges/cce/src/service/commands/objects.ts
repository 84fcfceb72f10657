import type { Operation, Reply } from '@fairlead/cscp/codec';
import type { EngineReply } from '@fairlead/engine-cce';
import { CceError } from '../../errors.ts';
import type { Answer } from '../../map/answer.ts';
import type { Answerable } from '../../map/json.ts';
import { errorsOf, isSuccess, namespacesOf, oidsOf, valuesOf } from '../../map/reply.ts';
import type { BackendConnection } from '../backend.ts';
import { passed, withTexts } from './answers.ts';
import { type Call, execute, withConnection } from './call.ts';
import { needsSchema, present } from './present.ts';

type Of<Verb extends Operation['verb']> = Extract<Operation, { verb: Verb }>;

/** GET (cce 6.5). */
export function getObject(call: Call, operation: Of<'GET'>): Promise<Answer> {
  return withConnection(call, async (connection) => {
    const reply = await execute(call, connection, operation);
    return passed(call, reply, { DATA: await shown(call, connection, operation, reply) });
  });
}

/** What a GET shows, in the shape that was asked for. The class stands in the default namespace only. */
export async function shown(call: Call, connection: BackendConnection, ...[operation, reply]: [Of<'GET'>, Reply]): Promise<Answerable> {
  const values = valuesOf(reply);
  if (!needsSchema(call) || !isSuccess(reply)) return values;
  const { oid, namespace } = operation;
  const known = namespace === '' ? values : valuesOf(await execute(call, connection, { verb: 'GET', oid, namespace: '' }));
  return present(call, { class: known.get('CLASS') ?? '', namespace }, values);
}

/** GET and NAMES of several (cce 6.5): an entry for each, with the OID; what one lacks is said in its own entry. */
export function answerBatch(call: Call, operations: readonly Operation[]): Promise<Answer> {
  return withConnection(call, async (connection) => {
    const replies = await connection.executeAll(operations, { signal: call.signal });
    const results: Answerable[] = [];
    for (const [index, reply] of replies.entries()) {
      const operation = operations[index];
      if (operation?.verb === 'GET') results.push(await getEntry(call, connection, operation, reply));
      if (operation?.verb === 'NAMES')
        results.push({ OID: operation.of, ...(isSuccess(reply) ? { namespaces: [...namespacesOf(reply)] } : failureEntry(call, reply)) });
    }
    return { status: 201, message: 'OK', data: { results } };
  });
}

async function getEntry(call: Call, connection: BackendConnection, ...[operation, reply]: [Of<'GET'>, Reply]): Promise<Answerable> {
  if (!isSuccess(reply)) return { OID: operation.oid, ...failureEntry(call, reply) };
  const data = await shown(call, connection, operation, reply);
  return new Map([['OID', operation.oid], ...(data instanceof Map ? data : [])]);
}

function failureEntry(call: Call, reply: Reply): { errors: Answerable[] } {
  return { errors: withTexts(call, errorsOf(reply)) };
}

/** SET (cce 6.6), with `expect` only when everything named there is as expected (cce 12.6). */
export function setObject(call: Call, operation: Of<'SET'>): Promise<Answer> {
  const { expect, dryRun } = call.request.options;
  return withConnection(call, async (connection) => {
    if (expect === undefined) return passed(call, await execute(call, connection, operation, dryRun));
    return setExpected(call, connection, operation, expect);
  });
}

const DIFFERS: Answer = { status: 409, message: 'Present value differs', http: 409 };

/** The SET comes first, because it locks the object; what GET then shows as committed is what it replaces. */
async function setExpected(
  call: Call,
  connection: BackendConnection,
  ...[operation, expected]: [Of<'SET'>, ReadonlyMap<string, string>]
): Promise<Answer> {
  const begun = await execute(call, connection, { verb: 'BEGIN' });
  if (!isSuccess(begun)) return passed(call, begun);
  const set = await execute(call, connection, operation);
  if (!isSuccess(set)) return passed(call, set);
  const { oid, namespace } = operation;
  const now = await execute(call, connection, { verb: 'GET', oid, namespace });
  const committed = new Map(now.lines.flatMap((line) => (line.code === 102 ? [[line.key, line.value] as const] : [])));
  const differing = [...expected].filter(([key, value]) => committed.get(key) !== value).map(([key]) => key);
  if (differing.length > 0) return { ...DIFFERS, data: { differing } };
  if (call.request.options.dryRun) return passed(call, set);
  return passed(call, await execute(call, connection, { verb: 'COMMIT' }));
}

/** DESTROY (cce 6.8). */
export function destroyObject(call: Call, operation: Of<'DESTROY'>): Promise<Answer> {
  return withConnection(call, async (connection) => passed(call, await execute(call, connection, operation, call.request.options.dryRun)));
}

/** CREATE (cce 6.7): the OID only when the object stays. */
export function createObject(call: Call, operation: Of<'CREATE'>): Promise<Answer> {
  return withConnection(call, async (connection) => {
    const { dryRun } = call.request.options;
    return created(call, await execute(call, connection, operation, dryRun));
  });
}

/** CREATE and a SET for each namespace, in one transaction (cce 6.7). */
export function createDeep(
  call: Call,
  operation: Of<'CREATE'>,
  namespaces: ReadonlyMap<string, ReadonlyMap<string, string>>,
): Promise<Answer> {
  return withConnection(call, async (connection) => {
    const begun = await execute(call, connection, { verb: 'BEGIN' });
    if (!isSuccess(begun)) return passed(call, begun);
    const first = await execute(call, connection, operation);
    const [oid] = oidsOf(first);
    if (!isSuccess(first)) return passed(call, first);
    if (oid === undefined) throw CceError('CCE_BACKEND_UNREACHABLE', { reason: 'CREATE told no object' });
    for (const [namespace, values] of namespaces) {
      const set = await execute(call, connection, { verb: 'SET', oid, namespace, values });
      if (!isSuccess(set)) return passed(call, set);
    }
    if (call.request.options.dryRun) return created(call, first);
    const committed = await execute(call, connection, { verb: 'COMMIT' });
    return created(call, { ...committed, lines: [{ code: 104, oid }, ...committed.lines] });
  });
}

function created(call: Call, reply: EngineReply): Answer {
  const oids = call.request.options.dryRun ? [] : oidsOf(reply);
  return passed(call, reply, oids.length === 0 ? {} : { oid: oids[0], oidlist: [...oids] });
}
