import { ADMIN, type CceGateway, startCceGateway } from './cce-gateway.ts';
import { askJson, type Line, openAdminLine, openJsonLine, openRawLine } from './cce-lines.ts';
import { percentiles, timesOf } from './cce-load.ts';
import { fillUsers, fullNameOf, plainUsers, userName } from './cce-users.ts';
import { benchFolder } from './files.ts';
import { residentMib } from './processes.ts';
import type { Bench, Table } from './report.ts';

const SIZES = [1000, 100_000, 1_000_000];
const SESSIONS = 10_000;
/** Sessions that one user may have (cce 1.8). */
const PER_USER = 100;
const FIRST_OID = 1000;
const GETS = 2000;
const FINDS = 200;
/** Each looks at all objects. */
const SLOW_FINDS = 5;
const CREATES = 50;
const ROOM = 4 * 1024 ** 3;

/** What the number of objects costs. */
export const cceObjects: Bench = {
  name: 'cce-objects',
  title: `${SESSIONS} sessions and a growing number of users in the embedded engine over SQLite; milliseconds on a warm raw socket`,
  rounds: 1,
  run: async () => {
    await using folder = await benchFolder(ROOM);
    await startCceGateway(folder.path).then((gateway) => gateway[Symbol.asyncDispose]());
    const rows: (readonly string[])[] = [];
    let objects = 0;
    for (const size of SIZES) {
      await fillUsers(folder.path, plainUsers(FIRST_OID + objects, size - objects));
      await using gateway = await startCceGateway(folder.path);
      if (objects === 0) await openSessions(gateway);
      objects = size;
      rows.push(await measured(gateway, size));
    }
    return [table(rows)];
  },
};

function table(rows: readonly (readonly string[])[]): Table {
  const head = [
    'objects',
    'MiB at start',
    'MiB after',
    'GET p50',
    'GET p99',
    'JSON GET p50',
    'p99',
    'FIND name p50',
    'p99',
    'FIND fullName',
    'CREATE p50',
  ];
  const notes = [
    `GET: ${GETS} objects at random. FIND: \`name\` has an index, \`fullName\` has none. CREATE: a \`DnsRecord\`, durable when it is answered.`,
    `The first row is after ${SESSIONS} sessions were opened; they stay for the others. Memory is what the gateway has resident.`,
  ];
  return { head, rows, notes };
}

async function openSessions(gateway: CceGateway): Promise<void> {
  using raw = await openRawLine(gateway);
  for (let session = 0; session < SESSIONS; session++) {
    const reply = await raw.ask(`AUTH "${userName(FIRST_OID + Math.floor(session / PER_USER))}" "${ADMIN.password}"`);
    if (!reply.includes('201 OK')) throw new Error(reply);
  }
}

async function measured(gateway: CceGateway, objects: number): Promise<readonly string[]> {
  using raw = await openAdminLine(gateway);
  const anyOid = () => FIRST_OID + Math.floor(Math.random() * objects);
  const started = await residentMib(gateway.pid);
  const ask = (said: string, command: () => string) => async () => {
    const reply = await raw.ask(command());
    if (!reply.includes(said) || !reply.endsWith('201 OK\n')) throw new Error(reply);
  };
  const get = ask('102 DATA', () => `GET ${anyOid()}`);
  await timesOf(GETS / 4, get);
  const gets = await timesOf(GETS, get);
  const jsonGets = await jsonTimes(gateway, anyOid);
  const found = (property: string, made: (oid: number) => string) => ask('104 OBJECT', () => `FIND User ${property} = "${made(anyOid())}"`);
  const byName = await timesOf(FINDS, found('name', userName));
  const byFullName = await timesOf(SLOW_FINDS, found('fullName', fullNameOf));
  const creates = await timesOf(
    CREATES,
    ask('104 OBJECT', () => 'CREATE DnsRecord type="A" domainname="smd.net" hostname="more" ipaddr="192.0.2.1"'),
  );
  const memory = [started, await residentMib(gateway.pid)].map((mib) => mib.toFixed(0));
  const times = [...percentiles(gets, 50, 99), ...percentiles(jsonGets, 50, 99), ...percentiles(byName, 50, 99)];
  return [String(objects), ...memory, ...times, ...percentiles(byFullName, 50), ...percentiles(creates, 50)];
}

async function jsonTimes(gateway: CceGateway, anyOid: () => number): Promise<readonly number[]> {
  using line: Line<{ readonly http: number }> = await openJsonLine(gateway);
  const { user, password } = ADMIN;
  using login = await openJsonLine(gateway);
  const { sessionid } = await askJson<{ sessionid: string }>(login, { cmd: 'AUTH', user, password });
  const get = async () => {
    const { http } = await line.ask(JSON.stringify({ cmd: `GET ${anyOid()}`, user, sessionid }));
    if (http !== 200) throw new Error(String(http));
  };
  await timesOf(GETS / 4, get);
  return await timesOf(GETS, get);
}
