import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Clock, createClient } from '@fairlead/ovh';
import { readInventory } from '@fairlead/ovh/inventory';
import { spread } from './figures.ts';
import type { InventoryFacts, Share } from './ovh-inventory-process.ts';
import type { Bench } from './report.ts';

const START_MS = 60_000;
const FAILING: Share = 0.1;

/** All of 500 servers from the offline API in a process of its own; pauses between tries are counted, not waited for. */
export const ovhInventory: Bench = {
  name: 'ovh-inventory',
  title:
    'The inventory of 500 servers from the offline API, while every call is answered and while a tenth gets 429, 500, 502 or 503; pauses pass at once',
  rounds: 5,
  run: async (rounds) => {
    await using scope = new AsyncDisposableStack();
    const child = fork(fileURLToPath(new URL('ovh-inventory-process.ts', import.meta.url)));
    scope.defer(() => child.disconnect());
    const answer = async <T>(): Promise<T> => (await once(child, 'message', { signal: AbortSignal.timeout(START_MS) }))[0] as T;
    const facts = await answer<InventoryFacts>();
    const order = async (share: Share): Promise<number> => {
      child.send(share);
      return await answer<number>();
    };
    const results = new Map<Share, Reading[]>([0, FAILING].map((share) => [share, []]));
    for (let round = 0; round <= rounds; round++)
      for (const [share, readings] of results) {
        await order(share);
        const reading = { ...(await read(facts)), calls: await order(0) };
        // The first one compiles everything.
        if (round > 0) readings.push(reading);
      }
    const rows = [...results].map(([share, readings]) => row(share, readings));
    return [{ head: ['calls that fail', 'seconds', 'mark', 'whole and in order', 'calls', 'pauses, s'], rows }];
  },
};

interface Reading {
  readonly seconds: number;
  readonly right: boolean;
  readonly pauses: number;
  readonly calls: number;
}

async function read({ apiUrl, keys, names }: InventoryFacts): Promise<Omit<Reading, 'calls'>> {
  let slept = 0;
  const clock: Clock = {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    sleep: async (ms) => {
      slept += ms;
      await turn();
    },
  };
  using client = createClient({ endpoint: apiUrl, ...keys, env: false, files: false, clock, concurrency: 20, retry: { maxAttempts: 9 } });
  const begin = performance.now();
  const { complete, records } = await readInventory(client, { kinds: ['baremetal'], concurrency: 20 });
  const seconds = (performance.now() - begin) / 1000;
  const right =
    complete && records.length === names.length && records.every(({ name, errors }, at) => name === names[at] && errors.length === 0);
  return { seconds, right, pauses: slept / 1000 };
}

function row(share: Share, readings: readonly Reading[]): readonly string[] {
  const of = (pick: (reading: Reading) => number, digits = 2) => spread(readings.map(pick), digits);
  const right = `${readings.filter((reading) => reading.right).length} of ${readings.length}`;
  return [
    `${share * 100} %`,
    of(({ seconds }) => seconds),
    share === 0 ? '' : '< 10',
    right,
    of(({ calls }) => calls, 0),
    of(({ pauses }) => pauses, 0),
  ];
}
