import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FakeAcronis, type FakeAcronisOptions, type Stage, type StoryHooks } from '@fairlead/acronis/fake';
import { ManualClock } from '@fairlead/kernel/clock';
import { loadConfig } from '@fairlead/kernel/config';
import { newUuid } from '@fairlead/kernel/ids';
import { Jobs } from '@fairlead/kernel/jobs';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { hashPassword } from '@fairlead/kernel/secrets';
import type { InventoryFact, InventorySource } from '@fairlead/kernel/services';
import { kernelMigrations, migrate, openStore, type Store } from '@fairlead/kernel/store';
import { captureLog } from '@fairlead/testkit/capture';
import { testAuthority } from '@fairlead/testkit/certs';
import { until } from '@fairlead/testkit/until';
import { sql } from 'kysely';
import { bridge } from '../../src/bridge.ts';
import { Sources } from '../../src/service/desire/sources.ts';
import type { CyberappTables } from '../../src/store/tables.ts';
import { contextOf, sectionOf } from './connector-rig.ts';
import { APP, HOUR, MINUTE, REGISTERED } from './connector-world.ts';
import { fact, VM_KEY, vm } from './desire-items.ts';
import { plantTree, type Tree } from './tree.ts';

export const PASSWORD = 'correct "horse": \\ battery';
const CHEAP = { memory: 8192, passes: 1, parallelism: 1 };
const JOB = 'cyberapp.connector.eu8';
/** The longest time between two runs. */
const INTERVAL_MS = 33 * MINUTE;
/** Less than a lease. */
const STEP_MS = 5000;
const OTHER_VM = 'cs:main:vm:7d0d1f6a-2f43-4a0e-8d7c-5b1e0c9a6f12';

/** The whole bridge as a gateway starts it, both halves on one store, an Acronis, and a CloudStack with a machine for each of two customers. */
export async function storyRig(storeUrl = ':memory:') {
  await using scope = new AsyncScope();
  const clock = new ManualClock();
  const { authority, ca, cert, key, stateDir } = scope.use(await testAuthority());
  const captured = captureLog();
  const { log } = captured;
  const store = scope.use(await openStore({ stateDir, log, clock, url: storeUrl }));
  const tree = await planted(store);
  const tenants = { p1: newUuid(), p2: newUuid(), s: newUuid(), c1: newUuid(), c2: newUuid() };
  const fake = scope.use(await acronisOf(tenants, { clock, tls: { cert, key } }));
  const context = contextOf({ store, log, stateDir, authority });
  const machines = machinesOf(clock);
  context.services.provide('inventory.cloudstack', machines.source);
  const caFile = join(stateDir, 'acronis-ca.pem');
  await writeFile(caFile, ca);
  const config = loadConfig({ text: textOf(fake, caFile), env: {}, sections: [...bridge.config] }).values(...bridge.config);
  const running = scope.use(await bridge.start(context, config));
  const { metrics } = context;
  scope.use(new Jobs(running.jobs ?? [], { store, clock, log, metrics, random: () => 0 }));
  const tokens: string[] = [];
  const kept: string[] = [];
  const signer: Stage['signer'] = {
    token: async (...wish) => {
      const token = await fake.signer.token(...wish);
      tokens.push(token);
      return token;
    },
  };
  const story: StoryHooks = {
    run: async () => {
      await runJob(store, clock);
      kept.push(await textsOf(store));
    },
    breakOne: async () => machines.fail(),
    repair: async () => machines.repair(),
    held: () => ({ workloads: fake.workloads.length, openAlerts: fake.openAlerts.length, writes: fake.requests.writes }),
  };
  const url = `${running.addresses?.cyberapp}/callback`;
  const stage: Stage = { ...peopleOf(tree, tenants), ...{ url, ca, signer, story }, ...turnedBy(clock) };
  const held = scope.move();
  return {
    stage,
    fake,
    store,
    running,
    context,
    captured,
    tokens,
    kept,
    tenants,
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}

type Tenants = Readonly<Record<'p1' | 'p2' | 's' | 'c1' | 'c2', string>>;

/** With the app as it is registered, and the tenants that are to be linked. */
function acronisOf({ p1, p2, s, c1, c2 }: Tenants, options: Pick<FakeAcronisOptions, 'clock' | 'tls'>): Promise<FakeAcronis> {
  return FakeAcronis.start({
    apps: [REGISTERED],
    tenants: [
      { id: p1, name: 'P1', kind: 'partner' },
      { id: p2, name: 'P2', kind: 'partner' },
      { id: s, name: 'S', kind: 'partner', parentId: p1 },
      { id: c1, name: 'Bakery', parentId: p1 },
      { id: c2, name: 'Harbour', parentId: p1 },
    ],
    ...options,
  });
}

/** Who calls back, and from where. */
function peopleOf(tree: Tree, tenants: Tenants): Omit<Stage, 'url' | 'signer'> {
  const partner = (who: 'p1' | 'p2' | 's'): Stage['stranger'] => ({
    organizationId: tree[who].id,
    tenantId: tenants[who],
    accounts: [{ identity: who, password: PASSWORD }],
    customers: [{ organizationId: tree.c3.id, tenantId: newUuid() }],
  });
  return {
    appCode: APP,
    datacenterUrl: 'https://eu8.acronis.cloud',
    otherDatacenterUrl: 'https://us5.acronis.cloud',
    partner: {
      ...partner('p1'),
      customers: [
        { organizationId: tree.c1.id, tenantId: tenants.c1 },
        { organizationId: tree.c2.id, tenantId: tenants.c2 },
      ],
    },
    stranger: partner('p2'),
    subPartner: partner('s'),
    spareTenants: [newUuid(), newUuid()],
  };
}

function turnedBy(clock: ManualClock): Pick<Stage, 'advance' | 'pause'> {
  return { advance: (ms) => clock.advance(ms), pause: async (ms) => clock.advance(ms) };
}

/** The people of spec 9 with passwords, and whose domains are whose. */
async function planted(store: Store): Promise<Tree> {
  await migrate(store, [...kernelMigrations, ...bridge.migrations]);
  const tree = await plantTree(store);
  const hash = await hashPassword(PASSWORD, CHEAP);
  const users = store.tables<CyberappTables>().updateTable('cyberapp_users');
  await users.set({ password_hash: hash }).where('password_hash', 'is not', null).execute();
  const sources = new Sources({ store, clock: store.clock, inventories: () => ({}) });
  const rule = { source: 'cloudstack', kind: 'domain' };
  await sources.add({ ...rule, organizationId: tree.c1.id, selector: 'ROOT/bakery' });
  await sources.add({ ...rule, organizationId: tree.c2.id, selector: 'ROOT/harbour' });
  return tree;
}

function textOf(fake: FakeAcronis, caFile: string): string {
  const cheap = `argon2_memory_kib = ${CHEAP.memory}\nargon2_time = ${CHEAP.passes}\nargon2_parallelism = ${CHEAP.parallelism}\n`;
  const handler = `[cyberapp]\napp_code = ${APP}\nlisten_address = 127.0.0.1:0\njwt_issuers = ${fake.issuer}=${fake.keysUrl}\n${cheap}`;
  return `${handler}[connector]\nca = ${caFile}\nallow_private = true\nrequests_per_second = 1000\n${sectionOf('eu8', fake.url())}`;
}

/** What CloudStack tells: two machines with good backups, of which one can fail. */
function machinesOf(clock: ManualClock) {
  const at = (ms: number) => new Date(ms).toISOString();
  const good = (key: string) => fact(key, 'backup_last_ok', at(clock.now()));
  const theirs = [{ kind: 'domain', selector: 'ROOT/harbour' }];
  const items = [vm(), vm({ key: OTHER_VM, name: 'files-1', owner: theirs, attributes: { hostname: 'files-1' } })];
  let facts: readonly InventoryFact[] = [good(VM_KEY), good(OTHER_VM)];
  const source: InventorySource = {
    list: async () => ({ items, complete: true }),
    conditions: async () => ({ facts, complete: true }),
  };
  const fail = () => {
    const detail = { reason: 'disk 2 of 2: read failed', began: at(clock.now() - HOUR) };
    facts = [...facts, fact(VM_KEY, 'backup_last_failed', at(clock.now() + MINUTE), { detail })];
  };
  const repair = () => {
    facts = [...facts.filter(({ key, code }) => key !== VM_KEY || code !== 'backup_last_ok'), good(VM_KEY)];
  };
  return { source, fail, repair };
}

interface JobTables {
  kernel_jobs: { name: string; holder: string | null; started_ms: number | null; ended_ms: number | null };
}

/** One run by the job of the data center, to its end: the hands are turned until it begins. */
async function runJob(store: Store, clock: ManualClock): Promise<void> {
  const rows = () => store.tables<JobTables>().selectFrom('kernel_jobs').selectAll().execute();
  const own = async () => (await rows()).find(({ name }) => name === JOB);
  const isBegun = async () => {
    const runs = store.tables<CyberappTables>().selectFrom('cyberapp_runs').select('id').where('finished_ms', 'is', null);
    return (await runs.executeTakeFirst()) !== undefined;
  };
  // Nobody's lease is over because of a jump.
  await until(async () => (await rows()).every(({ name, holder }) => name === JOB || holder === null), { what: 'the other jobs' });
  const before = await until(async () => ((await own())?.started_ms ? own() : undefined), { what: JOB });
  const isEnded = async () => (await own())?.ended_ms !== before.ended_ms;
  if (before.holder === null) clock.advance(INTERVAL_MS);
  for (let turned = 0; turned < HOUR && !(await isEnded()); turned += STEP_MS) {
    if (!(await isBegun())) clock.advance(STEP_MS);
    await until(isEnded, { timeoutMs: 100 }).catch(() => undefined);
  }
  await until(isEnded, { what: 'the end of a run' });
}

/** Every cell of every table that is text, or holds text. */
async function textsOf(store: Store): Promise<string> {
  const db = store.tables<Record<string, Record<string, unknown>>>();
  const tables = (await db.introspection.getTables()).filter(({ isView }) => !isView);
  const cells: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(db);
    cells.push(
      ...rows
        .flatMap((row) => Object.values(row))
        .map((cell) => (cell instanceof Uint8Array ? Buffer.from(cell).toString('latin1') : String(cell))),
    );
  }
  return cells.join('\n');
}
