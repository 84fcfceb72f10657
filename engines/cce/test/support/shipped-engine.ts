import { readdir, readFile } from 'node:fs/promises';
import { type Operation, parseRequest } from '@fairlead/cscp/codec';
import { systemClock } from '@fairlead/kernel/clock';
import type { EngineReply } from '../../src/connection.ts';
import { openEngine } from '../../src/engine/open-engine.ts';
import type { ClientConnection, Engine, EngineSessions, InstallObject, SessionUser, SourceFile } from '../../src/index.ts';
import { type NativeHandlerOptions, nativeHandlers, shippedSchemas } from '../../src/native/index.ts';
import { MemoryStorage } from '../../src/storage/memory-storage.ts';

/** The shipped files whose names end so. */
export async function shippedFiles(ending: '.schema' | '.conf'): Promise<readonly SourceFile[]> {
  const names = (await readdir(shippedSchemas)).filter((name) => name.endsWith(ending)).sort();
  return Promise.all(names.map(async (file) => ({ file, text: await readFile(new URL(file, shippedSchemas), 'utf8') })));
}

export interface ShippedEngine extends AsyncDisposable {
  readonly engine: Engine;
  /** What was logged as a warning or an error. */
  readonly troubles: readonly string[];
  /** A connection with the admin flag, or of a user. */
  as(name?: string): Promise<Caller>;
}

/** A connection that takes commands as text. */
export interface Caller extends AsyncDisposable {
  readonly connection: ClientConnection;
  /** The reply of a command, whatever it is. */
  ask(command: string): Promise<EngineReply>;
  /** As `ask`; throws unless it is a success. */
  run(command: string): Promise<EngineReply>;
  /** OID of what CREATE made, or the first that FIND found. */
  oid(command: string): Promise<string>;
  oids(command: string): Promise<readonly string[]>;
  get(oid: string, namespace?: string): Promise<Readonly<Record<string, string>>>;
  value(oid: string, property: string, namespace?: string): Promise<string | undefined>;
  /** What is said against the command: `<oid> <key> <message>`, or the text of another line; without FAIL. Empty: a success. */
  refusal(command: string): Promise<readonly string[]>;
}

/** A site as the clients make one (cce 13.4). */
export function newSite(fqdn: string, more = ''): string {
  const [hostname = '', ...domain] = fqdn.split('.');
  return `CREATE Vsite hostname="${hostname}" domain="${domain.join('.')}" fqdn="${fqdn}" ipaddr="192.0.2.7" maxusers="3" volume="/home" ${more}`;
}

export interface ShippedOptions extends NativeHandlerOptions {
  /** Changes the text of each schema. */
  readonly edit?: (text: string) => string;
  /** Of another engine, so that both are gateways on one store. */
  readonly storage?: MemoryStorage;
}

/** The engine over a map, with everything that is shipped, and these objects. */
export async function shippedEngine(objects: readonly InstallObject[], options: ShippedOptions = {}): Promise<ShippedEngine> {
  const { edit = (text) => text, storage = new MemoryStorage() } = options;
  const troubles: string[] = [];
  const engine = await openEngine({
    storage,
    sessions: plainSessions(),
    schemas: (await shippedFiles('.schema')).map(({ file, text }) => ({ file, text: edit(text) })),
    bindings: await shippedFiles('.conf'),
    handlers: nativeHandlers(options),
    clock: systemClock,
    log: {
      info: () => undefined,
      warn: (_, text) => troubles.push(text),
      error: (facts, text) => troubles.push(`${text} ${errorText(facts)}`),
    },
    handlerTimeoutMs: 5000,
    failurePauseMs: () => 0,
  });
  await engine.install(objects);
  return {
    engine,
    troubles,
    as: async (name) => callerOf(await engine.connect(name === undefined ? { kind: 'admin' } : { kind: 'user', name })),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

function callerOf(connection: ClientConnection): Caller {
  const ask = (command: string): Promise<EngineReply> => connection.execute(operationOf(command, connection));
  async function run(command: string): Promise<EngineReply> {
    const reply = await ask(command);
    if (reply.end !== 201) throw new Error(`${command}: ${reply.end} ${linesOf(reply).join('; ')}`);
    return reply;
  }
  async function oids(command: string): Promise<readonly string[]> {
    return (await run(command)).lines.flatMap((line) => (line.code === 104 ? [line.oid] : []));
  }
  async function get(oid: string, namespace = ''): Promise<Readonly<Record<string, string>>> {
    const reply = await run(namespace === '' ? `GET ${oid}` : `GET ${oid} . ${namespace}`);
    return Object.fromEntries(reply.lines.flatMap((line) => (line.code === 102 || line.code === 103 ? [[line.key, line.value]] : [])));
  }
  return {
    connection,
    ask,
    run,
    oids,
    oid: async (command) => (await oids(command))[0] ?? '',
    get,
    value: async (oid, property, namespace) => (await get(oid, namespace))[property],
    refusal: async (command) => {
      const reply = await ask(command);
      return reply.end === 201 ? [] : linesOf(reply);
    },
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}

function linesOf(reply: EngineReply): readonly string[] {
  return reply.lines.flatMap((line) => {
    if (line.code === 302) return [`${line.oid} ${line.key} ${line.message}`];
    return line.code === 104 ? [] : [JSON.stringify(line)];
  });
}

function operationOf(command: string, where: ClientConnection): Operation {
  const parsed = parseRequest(command, where);
  if (parsed.kind !== 'operation') throw new Error(`No command: ${command}`);
  return parsed.operation;
}

function errorText(facts: object): string {
  return 'err' in facts ? String(facts.err) : '';
}

/** Sessions without end, by the number of their issue. */
function plainSessions(): EngineSessions {
  const users = new Map<string, SessionUser>();
  return {
    issue: async (user) => {
      const id = String(users.size).padStart(63, '0');
      users.set(id, user);
      return id;
    },
    verify: async (id) => users.get(id),
    revoke: async (id) => void users.delete(id),
    revokeUser: async (oid) => {
      for (const [id, user] of users) if (user.oid === oid) users.delete(id);
    },
  };
}
