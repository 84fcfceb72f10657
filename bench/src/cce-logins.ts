import { ADMIN, type CceGateway, startCceGateway } from './cce-gateway.ts';
import { askJson, type JsonAnswer, type Line, openJsonLine } from './cce-lines.ts';
import { percentiles, timesOf } from './cce-load.ts';
import { benchFolder } from './files.ts';
import type { Bench } from './report.ts';

const FAILING = 1000;
const ALONE = 1000;
/** Of the demo's users, with the same password. */
const OTHER = 'user1';
/** Connections that are opened at a time. */
const AT_ONCE = 50;

/** Whoever knows his password does not wait for those who guess. */
export const cceLogins: Bench = {
  name: 'cce-logins',
  title: `A good request alone, and while ${FAILING} failing AUTHs of as many names are under way, each on a connection of its own; milliseconds`,
  rounds: 3,
  run: async (rounds) => {
    await using folder = await benchFolder(0);
    await using gateway = await startCceGateway(folder.path);
    using good = await openJsonLine(gateway);
    const { user, password } = ADMIN;
    const { sessionid } = await askJson<{ sessionid: string }>(good, { cmd: 'AUTH', user, password });
    const get = async () => {
      const { http, body } = await good.ask(JSON.stringify({ cmd: `GET ${ADMIN.oid}`, user, sessionid }));
      if (http !== 200) throw new Error(body);
    };
    // Another user: a hundred sessions of one, and the first ends.
    const login = () => askJson(good, { cmd: 'AUTH', user: OTHER, password });
    const lines = await openLines(gateway);
    await timesOf(ALONE, get);
    const rows: (readonly string[])[] = [];
    for (let round = 0; round < rounds; round++) rows.push(...(await oneRound({ lines, round, get, login })));
    for (const line of lines) line[Symbol.dispose]();
    const head = ['round', 'request', 'alone p50', 'p99', 'meanwhile p50', 'p99', 'requests', 'seconds until the last AUTH was answered'];
    return [{ head, rows, notes: ['Each failing AUTH costs a hash of 5,000 turns, and its answer is held back for 0.5 to 3 s besides.'] }];
  },
};

interface Round {
  readonly lines: readonly Line<JsonAnswer>[];
  readonly round: number;
  readonly get: () => Promise<unknown>;
  readonly login: () => Promise<unknown>;
}

async function oneRound({ lines, round, get, login }: Round): Promise<readonly (readonly string[])[]> {
  const alone = { get: await timesOf(ALONE, get), login: await timesOf(ALONE / 10, login) };
  const begin = performance.now();
  let isOver = false;
  const failing = Promise.all(lines.map((line, at) => fail(line, `nobody-${round}-${at}`))).then(() => {
    isOver = true;
  });
  const [gets, logins]: [number[], number[]] = [[], []];
  while (!isOver) {
    gets.push(...(await timesOf(10, get)));
    logins.push(...(await timesOf(1, login)));
  }
  await failing;
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  const row = (name: string, before: readonly number[], meanwhile: readonly number[]) => [
    String(round + 1),
    name,
    ...percentiles(before, 50, 99),
    ...percentiles(meanwhile, 50, 99),
    String(meanwhile.length),
    seconds,
  ];
  return [row('GET', alone.get, gets), row('AUTH', alone.login, logins)];
}

async function fail(line: Line<JsonAnswer>, user: string): Promise<void> {
  const { http, body } = await line.ask(JSON.stringify({ cmd: 'AUTH', user, password: 'a wrong one' }));
  if (http !== 401) throw new Error(`${http}: ${body}`);
}

async function openLines(gateway: CceGateway): Promise<readonly Line<JsonAnswer>[]> {
  const lines: Line<JsonAnswer>[] = [];
  while (lines.length < FAILING) lines.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => openJsonLine(gateway)))));
  return lines;
}
