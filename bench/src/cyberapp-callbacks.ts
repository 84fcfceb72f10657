import { setTimeout as sleep } from 'node:timers/promises';
import { newUuid } from '@fairlead/kernel/ids';
import { type JsonAnswer, type Line, openHttpsLine } from './cce-lines.ts';
import { percentiles, timesOf } from './cce-load.ts';
import type { CallbacksFacts, CallbacksWish, Delay, DelayOrder } from './cyberapp-callbacks-process.ts';
import { Caller } from './cyberapp-caller.ts';
import type { FakeFacts, FakeWish } from './cyberapp-fake-process.ts';
import { type Orderly, startOrderly } from './cyberapp-orders.ts';
import { spread } from './figures.ts';
import { benchFolder } from './files.ts';
import { cpuSeconds } from './processes.ts';
import type { Bench, Table } from './report.ts';

const CONNECTIONS = [1, 8];
/** Less where it is only to be seen whether it works: `BENCH_CALLBACK_MS`. */
const ROUND_MS = Number(process.env.BENCH_CALLBACK_MS ?? 5000);
/** So many that nobody calls 20 times a second, which is all that one identity may: `BENCH_IDENTITIES`. */
const IDENTITIES = Number(process.env.BENCH_IDENTITIES ?? 200);
const GUESSES = 100;
/** That they come from: one may have 32 requests under way. */
const ADDRESSES = 5;
const ALONE = 300;
const PASSWORD = 'correct "horse": \\ battery';
/** What a caller is told to wait whom the queue of passwords has no place for (cyberapp 7.2). */
const RETRY_MS = 2000;

const NOTES = [
  'enablement.read over TLS with keep-alive, by many identities in turn, because one may call 20 times a second; auth_cache is 10m (default 30s), so that all stay remembered.',
  'The guesses come from 5 addresses, since one may have 32 requests under way. Of 100 at once 4 are computed and 32 wait; the others are answered 429 at once (argon2id, 64 MiB, 3 passes, 4 lanes, as configured by default).',
  'The good one is remembered and calls again and again on one connection; “not remembered” is another one whose password has to be computed, who begins with the guesses and comes again after 2 s.',
  'Event loop, or loop: ms that it was late at most: monitorEventLoopDelay of the process of the gateway, less its resolution of 1 ms.',
];

/** What a callback costs whose caller was here a moment ago, and what guesses do to him. */
export const cyberappCallbacks: Bench = {
  name: 'cyberapp-callbacks',
  title: `Callbacks with a remembered password, and while ${GUESSES} wrong passwords come at once; milliseconds, medians of the rounds with least and greatest`,
  rounds: 3,
  run: async (rounds) => {
    await using folder = await benchFolder(0);
    const tenant = newUuid();
    const fakeWish: FakeWish = { answerMs: 0, tenants: [{ id: tenant, name: 'Example Hosting', kind: 'partner' }] };
    await using fake = await startOrderly<'count', FakeFacts>('cyberapp-fake-process.ts', fakeWish);
    const logins = [...namesOf('partner', IDENTITIES), ...namesOf('cold', rounds)];
    const wish: CallbacksWish = { folder: folder.path, fake: fake.facts, tenant, logins, password: PASSWORD };
    await using gateway = await startOrderly<DelayOrder, CallbacksFacts>('cyberapp-callbacks-process.ts', wish);
    const caller = new Caller({ tenantId: tenant, token: fake.facts.token, logins: logins.slice(0, IDENTITIES), password: PASSWORD });
    await warm(gateway, caller);
    return [await speeds(gateway, caller, rounds), await guesses(gateway, caller, rounds)];
  },
};

type Gateway = Orderly<DelayOrder, CallbacksFacts>;

function namesOf(what: string, howMany: number): readonly string[] {
  return Array.from({ length: howMany }, (_, at) => `${what}-${at}`);
}

/** From one address, or from several in turn. */
async function openLines({ facts: { port, ca } }: Gateway, howMany: number, addresses = 1): Promise<readonly Line<JsonAnswer>[]> {
  return await Promise.all(Array.from({ length: howMany }, (_, at) => openHttpsLine(port, ca, `127.0.0.${1 + (at % addresses)}`)));
}

function close(lines: readonly Line<JsonAnswer>[]): void {
  for (const line of lines) line[Symbol.dispose]();
}

/** Every password once, and then until everything is compiled. */
async function warm(gateway: Gateway, caller: Caller): Promise<void> {
  const lines = await openLines(gateway, 4);
  await Promise.all(lines.map((line) => timesOf(IDENTITIES / lines.length, () => caller.good(line))));
  await timesWithin(lines, ROUND_MS, (line) => caller.good(line));
  close(lines);
}

async function speeds(gateway: Gateway, caller: Caller, rounds: number): Promise<Table> {
  const rows: (readonly string[])[] = [];
  for (const connections of CONNECTIONS) {
    const lines = await openLines(gateway, connections);
    const readings: (readonly number[])[] = [];
    for (let round = 0; round < rounds; round++) readings.push(await speedOf(gateway, lines, (line) => caller.good(line)));
    close(lines);
    const columns = [0, 1, 2, 3, 4, 5].map((at) => readings.map((reading) => reading[at] ?? Number.NaN));
    const digits = [0, 2, 2, 0, 1, 1];
    rows.push([String(connections), ...columns.map((column, at) => spread(column, digits[at]))]);
  }
  return { head: ['connections', 'callbacks/s', 'p50', 'p95', 'CPU µs', 'event loop p99', 'most'], rows };
}

/** Per second, p50, p95, CPU microseconds of each, and how late the event loop was. */
async function speedOf(
  gateway: Gateway,
  lines: readonly Line<JsonAnswer>[],
  work: (line: Line<JsonAnswer>) => Promise<void>,
): Promise<readonly number[]> {
  await gateway.order('forget');
  const [begin, cpu] = [performance.now(), await cpuSeconds(gateway.pid)];
  const times = await timesWithin(lines, ROUND_MS, work);
  const seconds = (performance.now() - begin) / 1000;
  const cost = (((await cpuSeconds(gateway.pid)) - cpu) / times.length) * 1e6;
  const delay = await gateway.order<Delay>('tell');
  return [times.length / seconds, ...percentiles(times, 50, 95).map(Number), cost, delay.p99, delay.most];
}

async function timesWithin(
  lines: readonly Line<JsonAnswer>[],
  ms: number,
  work: (line: Line<JsonAnswer>) => Promise<void>,
): Promise<readonly number[]> {
  const begin = performance.now();
  const all = lines.map(async (line) => {
    const times: number[] = [];
    while (performance.now() - begin < ms) times.push(...(await timesOf(1, () => work(line))));
    return times;
  });
  return (await Promise.all(all)).flat();
}

async function guesses(gateway: Gateway, caller: Caller, rounds: number): Promise<Table> {
  const rows: (readonly string[])[] = [];
  for (let round = 0; round < rounds; round++) {
    // Who says nothing for 10 s is cut off: none of them waits for the next round.
    const lines = await openLines(gateway, GUESSES + 2, ADDRESSES);
    const [good, cold, ...guessing] = lines;
    if (good === undefined || cold === undefined) throw new Error('no connection');
    const alone = await lateness(gateway, () => timesOf(ALONE, () => caller.good(good)));
    const wave = waveOf(guessing, (line, at) => line.ask(caller.request(`nobody-${round}-${at}`, 'a wrong one')));
    const late = untilAnswered(() => cold.ask(caller.request(`cold-${round}`, PASSWORD)));
    const meanwhile = await lateness(gateway, () => timesUntil(wave, () => caller.good(good)));
    const { counts, seconds } = await wave;
    rows.push([String(round + 1), ...alone, ...meanwhile, counts, seconds, await late]);
    close(lines);
  }
  const head = ['round', 'alone', 'p50', 'p95', 'loop', 'meanwhile', 'p50', 'p95', 'loop', 'answers to guesses', 's', 'not remembered'];
  return { head, rows, notes: NOTES };
}

/** How many, p50 and p95 of these times, and by how much the event loop was late at most meanwhile. */
async function lateness(gateway: Gateway, work: () => Promise<readonly number[]>): Promise<readonly string[]> {
  await gateway.order('forget');
  const times = await work();
  const { most } = await gateway.order<Delay>('tell');
  return [String(times.length), ...percentiles(times, 50, 95), most.toFixed(1)];
}

async function timesUntil(over: Promise<unknown>, work: () => Promise<void>): Promise<readonly number[]> {
  const times: number[] = [];
  let isOver = false;
  const end = over.finally(() => {
    isOver = true;
  });
  while (!isOver) times.push(...(await timesOf(1, work)));
  await end;
  return times;
}

/** All at once: how many got which status, and when the last was answered. */
async function waveOf(lines: readonly Line<JsonAnswer>[], ask: (line: Line<JsonAnswer>, at: number) => Promise<JsonAnswer>) {
  const begin = performance.now();
  const answers = await Promise.all(lines.map(ask));
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  const counts = [...Map.groupBy(answers, ({ http }) => http)].map(([http, some]) => `${some.length} × ${http}`).join(', ');
  return { counts, seconds };
}

/** Seconds until somebody is let in whose password has to be computed, and how often he was sent away before. */
async function untilAnswered(ask: () => Promise<JsonAnswer>): Promise<string> {
  const begin = performance.now();
  let refusals = 0;
  for (let { http } = await ask(); http !== 200; { http } = await ask()) {
    if (http !== 429) throw new Error(String(http));
    refusals += 1;
    await sleep(RETRY_MS);
  }
  return `${((performance.now() - begin) / 1000).toFixed(1)} s, ${refusals} × 429`;
}
