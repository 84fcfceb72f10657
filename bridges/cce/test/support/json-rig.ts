import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { Engine, InstallObject, SourceFile } from '@fairlead/engine-cce';
import { MemoryStorage, memorySessions, openEngine } from '@fairlead/engine-cce';
import { demoFixture } from '@fairlead/engine-cce/fixtures';
import { nativeHandlers, shippedSchemas, textOf } from '@fairlead/engine-cce/native';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { Secrets } from '@fairlead/kernel/secrets';
import { migrate, openStore, type Store } from '@fairlead/kernel/store';
import { type CapturedLog, captureLog } from '@fairlead/testkit/capture';
import { TurnableClock } from '@fairlead/testkit/clock';
import fastify, { type FastifyInstance, type LightMyRequestResponse } from 'fastify';
import type { Observation } from '../../src/api/command-log.ts';
import { CceFace } from '../../src/api/face.ts';
import type { FaceSettings } from '../../src/api/settings.ts';
import type { Backend } from '../../src/service/backend.ts';
import type { CommandSettings } from '../../src/service/commands/call.ts';
import { EventHistory } from '../../src/service/events/event-history.ts';
import { Transactions } from '../../src/service/queue/transactions.ts';
import { EventRows } from '../../src/store/event-rows.ts';
import { KeptAnswers } from '../../src/store/kept-answers.ts';
import type { QueueLimits } from '../../src/store/queue.ts';
import { queueMigrations } from '../../src/store/queue-migrations.ts';
import { PlainGatekeeper } from './plain-gatekeeper.ts';
import { embedded, type Stand } from './stands.ts';

export interface RigOptions {
  /** Over which backend the face stands; the engine in this process unless told. */
  readonly stand?: Stand;
  readonly settings?: Partial<FaceSettings & CommandSettings>;
  readonly limits?: Partial<QueueLimits>;
  /** Objects beside those of the demo. */
  readonly objects?: readonly InstallObject[];
  /** Another backend than the one of the stand. */
  readonly wrap?: (backend: Backend) => Backend;
  readonly bindings?: readonly SourceFile[];
  readonly handlers?: Parameters<typeof openEngine>[0]['handlers'];
}

export interface Answered {
  readonly http: number;
  readonly text: string;
  readonly json: Record<string, unknown>;
  readonly headers: LightMyRequestResponse['headers'];
}

export interface Sent {
  /** From another machine, with this header as the address. */
  readonly remote?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The JSON face over an engine with the demo's objects. */
export interface JsonRig extends AsyncDisposable {
  readonly app: FastifyInstance;
  /** The face, to be put on another listener. */
  readonly face: CceFace;
  readonly engine: Engine;
  readonly backend: Backend;
  readonly gatekeeper: PlainGatekeeper;
  readonly clock: TurnableClock;
  readonly log: CapturedLog;
  readonly observed: Observation[];
  readonly transactions: Transactions;
  readonly events: EventHistory;
  call(body: unknown, sent?: Sent): Promise<Answered>;
  /** The credentials of a new session. */
  login(user?: string): Promise<{ user: string; sessionid: string }>;
  /** A line for each object with a digest of its values: two texts that are equal show that nothing has changed. */
  snapshot(): Promise<string>;
}

const SECRETS = new Secrets('a secret of the tests that is long enough');

const SETTINGS: FaceSettings & CommandSettings = {
  maxBody: 1_048_576,
  errorFormat: 'json',
  messageStyle: 'seed',
  dataStyle: 'seed',
  strictHttp: false,
  authkeyEcho: false,
  lowercaseGetobject: false,
  dtsMode: 'atomic',
  dtsQueueReads: false,
};

const PASSWORD = 'blueonyx';

export async function startJsonRig(options: RigOptions = {}): Promise<JsonRig> {
  const scope = new AsyncScope();
  try {
    return await open(options, scope);
  } catch (error) {
    await scope[Symbol.asyncDispose]();
    throw error;
  }
}

async function open(options: RigOptions, scope: AsyncScope): Promise<JsonRig> {
  const clock = new TurnableClock();
  const log = captureLog();
  const store = scope.use(await openStore({ url: 'sqlite::memory:', stateDir: '/nonexistent', log: log.log, clock }));
  await migrate(store, queueMigrations);
  const transactions = new Transactions({
    store,
    secrets: SECRETS,
    idleMs: 300_000,
    limits: options.limits,
  });
  const engine = scope.use(await openDemoEngine(options, { clock, transactions }));
  const standing = scope.use(await (options.stand ?? embedded).open(engine));
  const backend = options.wrap?.(standing) ?? standing;
  const { app, face, gatekeeper, observed, events } = await openFace({ options, scope, backend, transactions, store, clock, log });
  const call = (body: unknown, sent?: Sent) => send(app, body, sent);
  return {
    app,
    face,
    engine,
    backend,
    gatekeeper,
    clock,
    log,
    observed,
    transactions,
    events,
    call,
    login: async (user = 'admin') => {
      const { json } = await call({ cmd: 'AUTH', user, password: PASSWORD });
      return { user, sessionid: String((json.data as { sessionid?: string } | undefined)?.sessionid) };
    },
    snapshot: () => snapshot(engine),
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  };
}

interface FaceParts {
  readonly options: RigOptions;
  readonly scope: AsyncScope;
  readonly backend: Backend;
  readonly transactions: Transactions;
  readonly store: Store;
  readonly clock: TurnableClock;
  readonly log: CapturedLog;
}

async function openFace({ options, scope, backend, transactions, store, clock, log }: FaceParts) {
  const gatekeeper = new PlainGatekeeper(clock);
  const observed: Observation[] = [];
  const settings = { ...SETTINGS, ...options.settings };
  const events = scope.use(new EventHistory({ rows: new EventRows(store), backend, clock, log: log.log }));
  const stopping = new AbortController();
  const face = new CceFace({
    parts: { backend, gatekeeper, transactions, kept: new KeptAnswers(store, SECRETS), events, settings, clock, version: '0.1.0', textOf },
    settings,
    log: log.log,
    callerOf: (request) => gatekeeper.callerOf(request),
    stopping: stopping.signal,
    observe: (one) => void observed.push(one),
  });
  const app = fastify({ forceCloseConnections: true }) as unknown as FastifyInstance;
  await face.register(app);
  scope.defer(async () => {
    stopping.abort(new DOMException('the test is over', 'AbortError'));
    await app.close();
  });
  return { app, face, gatekeeper, observed, events };
}

let shipped: Promise<{ schemas: readonly SourceFile[]; bindings: readonly SourceFile[]; objects: readonly InstallObject[] }> | undefined;

async function readShipped() {
  const files = async (ending: string) => {
    const names = (await readdir(shippedSchemas)).filter((name) => name.endsWith(ending)).sort();
    return Promise.all(names.map(async (file) => ({ file, text: await readFile(new URL(file, shippedSchemas), 'utf8') })));
  };
  return { schemas: await files('.schema'), bindings: await files('.conf'), objects: await demoFixture() };
}

async function openDemoEngine(
  options: RigOptions,
  { clock, transactions }: { clock: TurnableClock; transactions: Transactions },
): Promise<Engine> {
  shipped ??= readShipped();
  const { schemas, bindings, objects } = await shipped;
  const silent = () => undefined;
  const engine = await openEngine({
    storage: new MemoryStorage(),
    sessions: memorySessions(clock, { idleMs: 3_600_000, maxMs: 86_400_000 }),
    schemas,
    bindings: [...bindings, ...(options.bindings ?? [])],
    handlers: { ...nativeHandlers({}), ...options.handlers },
    clock,
    log: { info: silent, warn: silent, error: silent },
    handlerTimeoutMs: 5000,
    failurePauseMs: () => 0,
    heldOids: () => transactions.heldOids(),
  });
  await engine.install([...objects, ...(options.objects ?? [])]);
  return engine;
}

async function send(app: FastifyInstance, body: unknown, { remote, headers = {} }: Sent = {}): Promise<Answered> {
  const reply = await app.inject({
    method: 'POST',
    url: '/v2/cce',
    headers: { ...(remote !== undefined && { 'x-test-remote': remote }), ...headers },
    payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  });
  return {
    http: reply.statusCode,
    text: reply.body,
    headers: reply.headers,
    get json() {
      return JSON.parse(reply.body) as Record<string, unknown>;
    },
  };
}

async function snapshot(engine: Engine): Promise<string> {
  await using connection = await engine.connect({ kind: 'admin' });
  const texts: string[] = [];
  for (const name of [...engine.schema.classes.keys()].sort()) {
    const { lines } = await connection.execute({ verb: 'FIND', class: name, criteria: [] });
    const oids = lines.flatMap((line) => (line.code === 104 ? [line.oid] : []));
    for (const view of await connection.readObjects(oids)) {
      const values = JSON.stringify([...view.namespaces].map(([namespace, one]) => [namespace, [...one]]));
      texts.push(`${view.class} ${view.oid} ${createHash('sha256').update(values).digest('hex')}`);
    }
  }
  return texts.join('\n');
}
