import { createInterface } from 'node:readline';

/** What a program under load is told first, one line of JSON on its standard input: the keys must not stand in a list of processes. */
export interface LoadSettings {
  readonly url: string;
  readonly caFile: string;
  readonly applicationKey: string;
  readonly applicationSecret: string;
  readonly consumerKey: string;
  readonly path: string;
  /** Where the foreign client is installed. */
  readonly folder: string;
}

/** Each line after that: so many calls at once, for so long. */
export interface LoadOrder {
  readonly inFlight: number;
  readonly ms: number;
}

/** What is answered to each order, as a line of JSON. */
export interface LoadAnswer {
  readonly calls: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Serves standard input with one client, whose `get` makes one call and throws unless it succeeds. */
export async function serveLoad(connect: (settings: LoadSettings) => Promise<() => Promise<unknown>>): Promise<void> {
  let get: (() => Promise<unknown>) | undefined;
  for await (const line of createInterface({ input: process.stdin })) {
    if (get === undefined) {
      get = await connect(JSON.parse(line) as LoadSettings);
      process.stdout.write('{}\n');
    } else process.stdout.write(`${JSON.stringify(await load(get, JSON.parse(line) as LoadOrder))}\n`);
  }
}

async function load(get: () => Promise<unknown>, { inFlight, ms }: LoadOrder): Promise<LoadAnswer> {
  const [begin, before] = [performance.now(), process.cpuUsage()];
  let calls = 0;
  const one = async (): Promise<void> => {
    while (performance.now() - begin < ms) {
      await get();
      calls += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, one));
  const { user, system } = process.cpuUsage(before);
  return { calls, seconds: (performance.now() - begin) / 1000, cpuSeconds: (user + system) / 1e6 };
}
