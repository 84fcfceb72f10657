import type { Operation, Reply, ReplyLine } from '@fairlead/cscp/codec';
import type { EngineReply, ExecuteOptions, ObjectView } from '@fairlead/engine-cce';
import type { BackendConnection } from './backend.ts';
import { API_ADMIN } from './security/tokens.ts';

/** The password of a user, in each form that the schema knows. */
const PASSWORDS: ReadonlySet<string> = new Set(['password', 'crypt_password', 'md5_password']);

type Find = Extract<Operation, { verb: 'FIND' }>;

/**
 * Keeps the account of remote callers, whoever asks and whichever backend there is (cce 7.6): its password is not shown, not searched for and not
 * sorted by, and it is neither renamed nor destroyed.
 */
export class KeptAccount implements BackendConnection {
  readonly #inner: BackendConnection;

  constructor(inner: BackendConnection) {
    this.#inner = inner;
  }

  async execute(operation: Operation, options?: ExecuteOptions): Promise<EngineReply> {
    const what = dangerOf(operation);
    if (what !== undefined && 'oid' in operation && (await this.#isAccount(operation.oid, options)))
      return { lines: [{ code: 304, what }], end: 401 };
    if (operation.verb === 'FIND' && looksAtPasswords(operation)) return this.#find(operation, options);
    return withoutPassword(await this.#inner.execute(operation, options));
  }

  async executeAll(operations: readonly Operation[], options?: ExecuteOptions): Promise<readonly Reply[]> {
    const isPlain = (one: Operation) => dangerOf(one) === undefined && !(one.verb === 'FIND' && looksAtPasswords(one));
    if (operations.every(isPlain)) return (await this.#inner.executeAll(operations, options)).map(withoutPassword);
    const replies: Reply[] = [];
    for (const operation of operations) replies.push(await this.execute(operation, options));
    return replies;
  }

  async readObjects(oids: readonly string[], signal?: AbortSignal): Promise<readonly ObjectView[]> {
    return (await this.#inner.readObjects(oids, signal)).map(viewWithoutPassword);
  }

  async #isAccount(oid: string, options?: ExecuteOptions): Promise<boolean> {
    return isAccount((await this.#inner.execute({ verb: 'GET', oid, namespace: '' }, { signal: options?.signal })).lines);
  }

  /** Found by its password it would be known bit by bit. */
  async #find(operation: Find, options?: ExecuteOptions): Promise<EngineReply> {
    const sort = operation.sort !== undefined && PASSWORDS.has(operation.sort.property) ? undefined : operation.sort;
    const reply = await this.#inner.execute({ ...operation, sort }, options);
    if (!operation.criteria.some(({ key }) => PASSWORDS.has(key))) return reply;
    const byName: Find = { verb: 'FIND', class: 'User', criteria: [{ key: 'name', match: 'equals', value: API_ADMIN }] };
    const account = oidsOf(await this.#inner.execute(byName, { signal: options?.signal }));
    return { ...reply, lines: reply.lines.filter((line) => line.code !== 104 || !account.includes(line.oid)) };
  }
}

/** What must not be done to the account, as a refusal names it. */
function dangerOf(operation: Operation): string | undefined {
  if (operation.verb === 'DESTROY') return 'DESTROY';
  const name = operation.verb === 'SET' && operation.namespace === '' ? operation.values.get('name') : undefined;
  return name === undefined || name === API_ADMIN ? undefined : 'name';
}

function looksAtPasswords({ class: name, criteria, sort }: Find): boolean {
  return name === 'User' && [...criteria.map(({ key }) => key), sort?.property ?? ''].some((key) => PASSWORDS.has(key));
}

function isAccount(lines: readonly ReplyLine[]): boolean {
  const has = (key: string, value: string) => lines.some((line) => 'value' in line && line.key === key && line.value === value);
  return has('CLASS', 'User') && has('name', API_ADMIN);
}

function withoutPassword<Shown extends Reply>(reply: Shown): Shown {
  if (!isAccount(reply.lines)) return reply;
  return { ...reply, lines: reply.lines.filter((line) => !('value' in line) || !PASSWORDS.has(line.key)) };
}

function viewWithoutPassword(view: ObjectView): ObjectView {
  const values = view.namespaces.get('');
  if (view.class !== 'User' || values?.get('name') !== API_ADMIN) return view;
  const shown = new Map([...values].filter(([key]) => !PASSWORDS.has(key)));
  return { ...view, namespaces: new Map([...view.namespaces, ['', shown]]) };
}

function oidsOf({ lines }: Reply): readonly string[] {
  return lines.flatMap((line) => (line.code === 104 ? [line.oid] : []));
}
