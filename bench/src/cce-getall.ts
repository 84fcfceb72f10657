import { ADMIN, type CceGateway, startCceGateway } from './cce-gateway.ts';
import { askJson, type JsonAnswer, type Line, openJsonLine } from './cce-lines.ts';
import { percentiles, timesOf } from './cce-load.ts';
import { fillUsers, type MadeUser } from './cce-users.ts';
import { benchFolder } from './files.ts';
import type { Bench } from './report.ts';

const SIZES = [100, 1000];
const FIRST_OID = 1000;
/** Answers of one round. */
const ANSWERS = 20;

/** All users of a site at once. */
export const cceGetall: Bench = {
  name: 'cce-getall',
  title: 'JSON `GETALL` of the users of a site, each with its 9 namespaces, over HTTPS',
  rounds: 3,
  run: async (rounds) => {
    await using folder = await benchFolder(0);
    await startCceGateway(folder.path).then((gateway) => gateway[Symbol.asyncDispose]());
    await fillUsers(folder.path, usersOfSites());
    await using gateway = await startCceGateway(folder.path);
    using line = await openJsonLine(gateway);
    const { user, password } = ADMIN;
    const { sessionid } = await askJson<{ sessionid: string }>(line, { cmd: 'AUTH', user, password });
    const rows: (readonly string[])[] = [];
    for (const size of SIZES) {
      const request = { cmd: 'GETALL', class: 'User', args: { site: siteOf(size) }, user, sessionid };
      rows.push(await measured({ gateway, line, request }, size, rounds));
    }
    const head = ['users', 'first ms', 'p50 ms', 'p95 ms', 'KiB', 'µs per user', 'statements at the store'];
    return [
      {
        head,
        rows,
        notes: ['The last is what the store was asked for one answer: whole pages of 500 objects, nothing for each user or namespace.'],
      },
    ];
  },
};

interface Asking {
  readonly gateway: CceGateway;
  readonly line: Line<JsonAnswer>;
  readonly request: object;
}

async function measured({ gateway, line, request }: Asking, size: number, rounds: number): Promise<readonly string[]> {
  let body = '';
  const ask = async () => {
    ({ body } = await line.ask(JSON.stringify(request)));
  };
  const [first = Number.NaN] = await timesOf(1, ask);
  const [before, after] = [await statements(gateway, async () => undefined), await statements(gateway, ask)];
  const times = await timesOf(rounds * ANSWERS, ask);
  check(body, size);
  const [p50 = '', p95 = ''] = percentiles(times, 50, 95);
  const each = ((Number(p50) * 1000) / size).toFixed(0);
  return [String(size), first.toFixed(0), p50, p95, Math.round(Buffer.byteLength(body) / 1024).toString(), each, String(after - before)];
}

/** All users, each with its own properties and 9 namespaces more. */
function check(body: string, size: number): void {
  const { data } = JSON.parse(body) as { data: { objects: Record<string, Record<string, object>> } };
  const objects = Object.values(data.objects);
  if (objects.length !== size || objects.some((one) => Object.keys(one).length !== 10)) throw new Error(body.slice(0, 300));
}

/** What the store is asked meanwhile, with what the question itself costs. */
async function statements(gateway: CceGateway, work: () => Promise<void>): Promise<number> {
  const before = await gateway.queries();
  await work();
  return (await gateway.queries()) - before;
}

function siteOf(size: number): string {
  return `site-of-${size}`;
}

/** Something is set in each namespace. */
function* usersOfSites(): Generator<MadeUser> {
  let oid = FIRST_OID;
  for (const size of SIZES)
    for (let at = 0; at < size; at++, oid++) {
      const namespaces = {
        ...{ Shell: { enabled: '0' }, SSH: { enabled: '0' }, Sites: { quota: '20' }, RootAccess: { enabled: '0' } },
        ...{ Email: { forwardEnable: '1', forwardEmail: `&someone-${oid}@smd.net&` }, Disk: { quota: '20', used: String(oid % 20) } },
        ...{ subdomains: { enabled: '0' }, Radicale: { enabled: '0' }, ImapSync: { enabled: '0' } },
      };
      yield { oid, name: `user-of-${oid}`, site: siteOf(size), namespaces };
    }
}
