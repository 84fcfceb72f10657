import { ADMIN, type CceGateway, startCceGateway } from './cce-gateway.ts';
import { askJson, type JsonAnswer, type Line, openAdminLine, openJsonLine } from './cce-lines.ts';
import { perSecond } from './cce-load.ts';
import { median, ratios, spread } from './figures.ts';
import { benchFolder } from './files.ts';
import { cpuSeconds } from './processes.ts';
import type { Bench } from './report.ts';

const CONNECTIONS = [1, 8];
/** Until everything is compiled: the JSON API has more code. */
const WARM_MS = 8000;
const ROUND_MS = 2000;

/** The same object over the JSON API and over the raw protocol, of one gateway. */
export const cceGet: Bench = {
  name: 'cce-get',
  title: 'JSON `GET 6` over HTTPS with keep-alive, against the same GET on a warm raw socket of the same gateway, requests a second',
  rounds: 5,
  run: async (rounds) => {
    await using folder = await benchFolder(0);
    await using gateway = await startCceGateway(folder.path);
    const rows: (readonly string[])[] = [];
    for (const connections of CONNECTIONS) rows.push(...(await compare(gateway, connections, rounds)));
    return [{ head: ['connections', 'way', 'requests/s', 'ratio to raw', 'mark', 'CPU µs of the gateway', 'ratio'], rows }];
  },
};

interface Side extends Disposable {
  readonly name: string;
  readonly works: readonly (() => Promise<unknown>)[];
}

async function compare(gateway: CceGateway, connections: number, rounds: number): Promise<readonly (readonly string[])[]> {
  using raw = await rawSide(gateway, connections);
  using session = await sessionSide(gateway, connections);
  using token = await tokenSide(gateway, connections);
  const sides = [raw, session, token];
  const speeds = sides.map((): number[] => []);
  const costs = sides.map((): number[] => []);
  for (const { works } of sides) await perSecond(works, WARM_MS);
  for (let round = 0; round < rounds; round++)
    for (const [at, { works }] of sides.entries()) {
      const { speed, cost } = await oneRound(gateway.pid, works);
      speeds[at]?.push(speed);
      costs[at]?.push(cost);
    }
  return sides.map(({ name }, at) => {
    const [own = [], base = [], cost = [], baseCost = []] = [speeds[at], speeds[0], costs[at], costs[0]];
    const ratio = at === 0 ? ['', ''] : [spread(ratios(own, base)), '≥ 0.5'];
    const dearer = at === 0 ? '' : spread(ratios(cost, baseCost), 1);
    return [String(connections), name, Math.round(median(own)).toString(), ...ratio, median(cost).toFixed(0), dearer];
  });
}

/** Requests a second, and what each of them costs the gateway. */
async function oneRound(pid: number, works: Side['works']): Promise<{ readonly speed: number; readonly cost: number }> {
  const [before, begin] = [await cpuSeconds(pid), performance.now()];
  const speed = await perSecond(works, ROUND_MS);
  const requests = (speed * (performance.now() - begin)) / 1000;
  return { speed, cost: (((await cpuSeconds(pid)) - before) / requests) * 1e6 };
}

function side<Answer>(name: string, lines: readonly Line<Answer>[], ask: (line: Line<Answer>) => Promise<void>): Side {
  return {
    name,
    works: lines.map((line) => () => ask(line)),
    [Symbol.dispose]: () => {
      for (const line of lines) line[Symbol.dispose]();
    },
  };
}

async function opened<Answer>(connections: number, open: () => Promise<Line<Answer>>): Promise<readonly Line<Answer>[]> {
  return await Promise.all(Array.from({ length: connections }, open));
}

async function rawSide(gateway: CceGateway, connections: number): Promise<Side> {
  const lines = await opened(connections, () => openAdminLine(gateway));
  return side('raw socket', lines, async (line) => {
    const reply = await line.ask(`GET ${ADMIN.oid}`);
    if (!reply.includes('fullName = "Administrator"')) throw new Error(reply);
  });
}

async function sessionSide(gateway: CceGateway, connections: number): Promise<Side> {
  const lines = await opened(connections, () => openJsonLine(gateway));
  const [first] = lines;
  const { user, password } = ADMIN;
  const { sessionid } = first ? await askJson<{ sessionid: string }>(first, { cmd: 'AUTH', user, password }) : { sessionid: '' };
  return side('JSON, session', lines, (line) => getJson(line, { user, sessionid }));
}

async function tokenSide(gateway: CceGateway, connections: number): Promise<Side> {
  const lines = await opened(connections, () => openJsonLine(gateway, { from: gateway.remote }));
  const [first] = lines;
  const { token } = first ? await askJson<{ token: string }>(first, { cmd: 'LOGIN' }) : { token: '' };
  return side('JSON, token, through a proxy', lines, (line) => getJson(line, { token }));
}

async function getJson(line: Line<JsonAnswer>, credentials: object): Promise<void> {
  const { body } = await line.ask(JSON.stringify({ cmd: `GET ${ADMIN.oid}`, ...credentials }));
  if (!body.includes('"fullName":"Administrator"')) throw new Error(body);
}
