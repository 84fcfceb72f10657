import type { Operation, ReplyLine } from '@fairlead/cscp/codec';
import { type Clock, ManualClock } from '@fairlead/kernel/clock';
import { silentLog } from '@fairlead/kernel/log';
import { migrate, openStore, type Store } from '@fairlead/kernel/store';
import {
  type ClientConnection,
  type Connection,
  codbMigrations,
  type Engine,
  type EngineOptions,
  type EngineReply,
  MemoryStorage,
  memorySessions,
  type NativeHandler,
  openEngine,
  SqlStorage,
} from '../../src/index.ts';

const HOUR = 3_600_000;

/** Small classes with one property of each kind. */
const SCHEMA = `
<typedef name="scalar" type="re" data="" />
<typedef name="word" type="re" data="^[^ ]+$" />
<typedef name="boolean" type="re" data="^[01]$" />
<typedef name="int" type="re" data="^-?[0-9]+$" />
<typedef name="country" type="re" data="^[A-Z][A-Z]$" errmsg="[[base-ssl.country_invalid]]" />
<class name="Alpha" version="1.0" createacl="ruleUser" destroyacl="ruleUser">
  <property name="name" type="scalar" writeacl="ruleUser" />
  <property name="number" type="int" default="7" writeacl="ruleUser" />
  <property name="note" type="word" optional="1" writeacl="ruleUser" />
  <property name="enabled" type="boolean" default="1" writeacl="ruleUser" />
  <property name="country" type="country" optional="1" writeacl="ruleUser" />
  <property name="list" type="word" array="1" writeacl="ruleUser" />
  <property name="secret" type="scalar" readacl="ruleAdmin" />
  <property name="open" type="scalar" readacl="ruleAll" />
</class>
<class name="Alpha" namespace="Extra" version="2.5" createacl="ruleUser" destroyacl="ruleUser">
  <property name="color" type="scalar" default="red" writeacl="ruleUser" />
</class>
<class name="Beta" version="1.0">
  <property name="name" type="scalar" />
  <property name="beta" type="scalar" />
</class>
<class name="Unique" version="1.0">
  <property name="name" type="scalar" />
  <property name="tag" type="scalar" />
  <index name="byTag" property="tag" unique="1" />
</class>
<class name="User" version="1.0" createacl="ruleAdmin" destroyacl="ruleAdmin">
  <property name="name" type="word" readacl="ruleAll" />
  <property name="fullName" type="scalar" writeacl="ruleSelf" />
  <property name="enabled" type="boolean" default="1" />
  <property name="systemAdministrator" type="boolean" default="0" />
  <property name="capabilities" type="scalar" array="1" />
  <property name="password" type="scalar" optional="1" readacl="ruleSelf" writeacl="ruleSelf" />
  <property name="crypt_password" type="scalar" optional="1" readacl="ruleSelf" writeacl="ruleSelf" />
</class>
`;

export interface WorldOptions extends Partial<EngineOptions> {
  readonly conf?: string;
  readonly native?: Readonly<Record<string, NativeHandler>>;
  readonly schema?: string;
}

export interface World extends AsyncDisposable {
  readonly clock: ManualClock;
  readonly engine: Engine;
  readonly admin: ClientConnection;
  readonly warnings: string[];
}

/** An engine of the small schema; handlers are functions. */
export async function newWorld(options: WorldOptions = {}): Promise<World> {
  const clock = new ManualClock();
  const warnings: string[] = [];
  const engine = await openEngine({
    storage: new MemoryStorage(),
    sessions: memorySessions(clock, { idleMs: HOUR, maxMs: 24 * HOUR }),
    schemas: [{ file: 'test.schema', text: options.schema ?? SCHEMA }],
    bindings: [{ file: 'test.conf', text: options.conf ?? '' }],
    handlers: options.native ?? {},
    clock,
    log: logTo(warnings),
    handlerTimeoutMs: 300_000,
    failurePauseMs: () => 0,
    ...options,
  });
  const admin = await engine.connect({ kind: 'admin' }, { peer: 'test' });
  return { clock, engine, admin, warnings, [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose]() };
}

function logTo(warnings: string[]) {
  const write = (_facts: object, text: string) => {
    warnings.push(text);
  };
  return { info: () => undefined, warn: write, error: write };
}

/** A store in memory, or at a URL, with the engine's tables. */
export async function newStore(
  url = ':memory:',
  clock: Clock = new ManualClock(),
): Promise<{ readonly store: Store; readonly storage: SqlStorage }> {
  const store = await openStore({ url, stateDir: '/nonexistent', log: silentLog(), clock });
  await migrate(store, codbMigrations);
  return { store, storage: new SqlStorage(store) };
}

/** A reply as short text: `104 2`, `302 0 name [[..]]`, and the final code last. */
export function said(reply: EngineReply): readonly string[] {
  return [...reply.lines.map(lineText), String(reply.end)];
}

function lineText(line: ReplyLine): string {
  const [code, ...facts] = Object.values(line);
  return [code, ...facts].join(' ');
}

/** Commands by what they are about. */
export function create(connection: Connection, className: string, values: Readonly<Record<string, string>> = {}): Promise<EngineReply> {
  return connection.execute({ verb: 'CREATE', class: className, values: new Map(Object.entries(values)) });
}

export function set(
  connection: Connection,
  oid: number | string,
  values: Readonly<Record<string, string>>,
  namespace = '',
): Promise<EngineReply> {
  return connection.execute({ verb: 'SET', oid: String(oid), namespace, values: new Map(Object.entries(values)) });
}

export function get(connection: Connection, oid: number | string, namespace = ''): Promise<EngineReply> {
  return connection.execute({ verb: 'GET', oid: String(oid), namespace });
}

export function destroy(connection: Connection, oid: number | string): Promise<EngineReply> {
  return connection.execute({ verb: 'DESTROY', oid: String(oid) });
}

export function find(connection: Connection, className: string, equal: Readonly<Record<string, string>> = {}): Promise<EngineReply> {
  const criteria = Object.entries(equal).map(([key, value]) => ({ key, match: 'equals' as const, value }));
  return connection.execute({ verb: 'FIND', class: className, criteria });
}

export function plain(
  connection: Connection,
  verb: 'BEGIN' | 'COMMIT' | 'WHOAMI' | 'ENDKEY' | 'CLASSES' | 'HELP' | 'BYE',
): Promise<EngineReply> {
  return connection.execute({ verb } as Operation);
}

/** The value that GET shows now: 103 wins. */
export async function shownValue(connection: Connection, oid: number | string, key: string, namespace = ''): Promise<string | undefined> {
  let value: string | undefined;
  for (const line of (await get(connection, oid, namespace)).lines)
    if ((line.code === 102 || line.code === 103) && line.key === key) value = line.value;
  return value;
}
