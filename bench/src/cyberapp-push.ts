import { newUuid } from '@fairlead/kernel/ids';
import type { FakeCounts, FakeFacts, FakeWish } from './cyberapp-fake-process.ts';
import { type Orderly, startOrderly } from './cyberapp-orders.ts';
import type { PushOrder, PushWish, RunDone } from './cyberapp-push-process.ts';
import { median, ratios, spread } from './figures.ts';
import { benchFolder } from './files.ts';
import { cpuSeconds, forgetPeak, peakMib } from './processes.ts';
import type { Bench } from './report.ts';

/** Fewer where it is only to be seen whether it works: `BENCH_WORKLOADS`, `BENCH_TENANTS`. */
const WORKLOADS = Number(process.env.BENCH_WORKLOADS ?? 100_000);
const TENANTS = Number(process.env.BENCH_TENANTS ?? 500);
const ANSWER_MS = 20;
const SINGLES = 500;
/** Of a hundred workloads one changes. */
const STEP = 100;

const NOTES = [
  'The fake is a process of its own, over TLS. Batches of 50 and 4 tenants at a time, as configured by default; requests_per_second is 1000 (default 5), so that it is not what is measured.',
  `The sample: one workload in a request, one request after the other over one connection, ${SINGLES} of them, without its pauses of 50 to 250 ms.`,
  'Requests of a run are writes and lists; seconds and requests of the first run include the lists that tell the ids.',
  'Memory is that of the process of the connector, which also holds the inventory and the store; CPU is its own.',
];

/** A provider's inventory into an Acronis that takes its time. */
export const cyberappPush: Bench = {
  name: 'cyberapp-push',
  title: `${WORKLOADS} workloads in ${TENANTS} tenants pushed to the fake, whose answers take ${ANSWER_MS} ms; medians with least and greatest`,
  rounds: 3,
  run: async (rounds) => {
    const singles: number[] = [];
    const stages = STAGES.map(({ name, writes }) => ({ name, writes, readings: [] as Reading[] }));
    for (let round = 0; round < rounds; round++) {
      const { single, readings } = await oneRound();
      singles.push(single);
      for (const [at, reading] of readings.entries()) stages[at]?.readings.push(reading);
    }
    const firsts = stages[0]?.readings.map(({ seconds }) => WORKLOADS / seconds) ?? [];
    return [
      {
        head: ['way', 'workloads/s', 'ratio', 'mark'],
        rows: [
          ['one POST for each, as the sample', spread(singles, 0), '', ''],
          ['the first run of the connector', spread(firsts, 0), spread(ratios(firsts, singles), 0), '≥ 20'],
        ],
      },
      {
        head: ['run', 'seconds', 'writes', 'mark', 'requests', 'peak RSS MiB', 'CPU s'],
        rows: stages.map(({ name, writes, readings }) => rowOf(name, writes(), readings)),
        notes: NOTES,
      },
    ];
  },
};

interface Stage {
  readonly name: string;
  /** As many as there have to be. */
  readonly writes: () => string;
  readonly order: { readonly reconcile: boolean; readonly changed: boolean };
}

const CHANGED = Math.ceil(WORKLOADS / STEP);

const STAGES: readonly Stage[] = [
  { name: 'first', writes: () => '', order: { reconcile: false, changed: false } },
  { name: 'unchanged', writes: () => '0', order: { reconcile: false, changed: false } },
  { name: '1 % changed', writes: () => String(CHANGED), order: { reconcile: false, changed: true } },
  { name: 'unchanged, compared with Acronis', writes: () => '0', order: { reconcile: true, changed: false } },
];

interface Reading {
  readonly seconds: number;
  readonly writes: number;
  readonly requests: number;
  readonly peak: number;
  readonly cpu: number;
}

async function oneRound(): Promise<{ readonly single: number; readonly readings: readonly Reading[] }> {
  await using folder = await benchFolder(1024 ** 3);
  const [partnerTenant, spareTenant] = [newUuid(), newUuid()];
  const customerTenants = Array.from({ length: TENANTS }, () => newUuid());
  const customer = (id: string) => ({ id, name: id, kind: 'customer', parentId: partnerTenant }) as const;
  const tenants = [
    { id: partnerTenant, name: 'Example Hosting', kind: 'partner' } as const,
    ...[spareTenant, ...customerTenants].map(customer),
  ];
  const fakeWish: FakeWish = { answerMs: ANSWER_MS, tenants };
  await using fake = await startOrderly<'count', FakeFacts>('cyberapp-fake-process.ts', fakeWish);
  const wish: PushWish = { folder: folder.path, fake: fake.facts, workloads: WORKLOADS, partnerTenant, customerTenants, spareTenant };
  await using connector = await startOrderly<PushOrder, unknown>('cyberapp-push-process.ts', wish);
  const seconds = await connector.order<number>({ kind: 'single', howMany: SINGLES });
  const readings: Reading[] = [];
  for (const { order } of STAGES) {
    if (order.changed) await connector.order<number>({ kind: 'renumber', step: STEP, round: 1 });
    readings.push(await oneRun({ fake, connector }, order.reconcile));
  }
  return { single: SINGLES / seconds, readings };
}

interface Both {
  readonly fake: Orderly<'count', FakeFacts>;
  readonly connector: Orderly<PushOrder, unknown>;
}

async function oneRun({ fake, connector }: Both, reconcile: boolean): Promise<Reading> {
  const before = await fake.order<FakeCounts>('count');
  const cpu = await cpuSeconds(connector.pid);
  await forgetPeak(connector.pid);
  const { seconds, outcome, counts } = await connector.order<RunDone>({ kind: 'run', reconcile });
  if (outcome !== 'ok') throw new Error(`the run ended ${outcome}: ${JSON.stringify(counts)}`);
  const after = await fake.order<FakeCounts>('count');
  if (after.workloads !== WORKLOADS + SINGLES + 1) throw new Error(`the fake has ${after.workloads} workloads`);
  return {
    seconds,
    writes: writesOf(after) - writesOf(before),
    requests: after.requests - before.requests,
    peak: await peakMib(connector.pid),
    cpu: (await cpuSeconds(connector.pid)) - cpu,
  };
}

function writesOf({ creates, updates, otherWrites }: FakeCounts): number {
  return creates + updates + otherWrites;
}

function rowOf(name: string, mark: string, readings: readonly Reading[]): readonly string[] {
  const of = (pick: (reading: Reading) => number, digits = 0) => spread(readings.map(pick), digits);
  return [
    name,
    of(({ seconds }) => seconds, 1),
    median(readings.map(({ writes }) => writes)).toString(),
    mark,
    median(readings.map(({ requests }) => requests)).toString(),
    of(({ peak }) => peak),
    of(({ cpu }) => cpu, 1),
  ];
}
