import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { testAuthority } from '@fairlead/testkit/certs';
import { median, ratios, spread } from './figures.ts';
import { benchFolder } from './files.ts';
import { nodeOvhFolder, pythonOvh } from './ovh-foreign.ts';
import type { LoadAnswer } from './ovh-load.ts';
import { type LoadProgram, startLoad, startServers } from './ovh-programs.ts';
import type { ServerFacts } from './ovh-server-process.ts';
import type { Bench } from './report.ts';

const IN_FLIGHT = [1, 10];
/** Until everything is compiled. */
const WARM_MS = 3000;
const ROUND_MS = 1000;
const PATH = '/me';

/** Signed GETs of three clients, each in a process of its own, of servers in one more. */
export const ovhGets: Bench = {
  name: 'ovh-gets',
  title: `Signed \`GET ${PATH}\` over HTTPS on loopback, requests a second: our client, npm's node-ovh and PyPI's ovh, of the offline API and of a server that does next to nothing`,
  rounds: 7,
  run: async (rounds) => {
    await using scope = new AsyncDisposableStack();
    const authority = scope.use(await testAuthority());
    const folder = scope.use(await benchFolder(0)).path;
    const files = { ca: join(folder, 'ca.pem'), cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
    for (const [name, file] of Object.entries(files)) await writeFile(file, authority[name as keyof typeof files]);
    const { facts } = scope.use(await startServers(files.cert, files.key));
    const rows: (readonly string[])[] = [];
    for (const server of ['offline API', 'minimal server'] as const) {
      await using clients = new AsyncDisposableStack();
      const sides: Side[] = [];
      for (const kind of kinds) {
        const program = clients.use(await startKind(kind, server, { facts, caFile: files.ca }));
        sides.push({ name: kind.name, program, speeds: [], costs: [] });
      }
      for (const inFlight of IN_FLIGHT) rows.push(...(await compare(sides, inFlight, rounds)).map((row) => [server, ...row]));
    }
    return [{ head: ['server', 'in flight', 'client', 'requests/s', 'ours is … times', 'mark', 'CPU µs of the client', 'ours is'], rows }];
  },
};

interface Kind {
  readonly name: string;
  command(): Promise<readonly string[]>;
  /** node-ovh signs without the port. */
  readonly withoutPort?: boolean;
  folder?(): Promise<string>;
}

const kinds: readonly Kind[] = [
  { name: 'ours', command: async () => node(new URL('ovh-load-ours.ts', import.meta.url)) },
  {
    name: 'node-ovh',
    command: async () => node(new URL('ovh-load-node-ovh.ts', import.meta.url)),
    withoutPort: true,
    folder: nodeOvhFolder,
  },
  { name: 'python-ovh', command: async () => [await pythonOvh(), fileURLToPath(new URL('ovh-load.py', import.meta.url))] },
];

interface Side {
  readonly name: string;
  readonly program: LoadProgram;
  speeds: number[];
  costs: number[];
}

function node(script: URL): readonly string[] {
  return [process.execPath, '--conditions=@fairlead/source', fileURLToPath(script)];
}

interface Surroundings {
  readonly facts: ServerFacts;
  readonly caFile: string;
}

async function startKind(kind: Kind, server: string, { facts, caFile }: Surroundings): Promise<LoadProgram> {
  const fake = kind.withoutPort ? facts.fakeWithoutPort : facts.fake;
  const url = server === 'offline API' ? fake : facts.minimal;
  const folder = (await kind.folder?.()) ?? '';
  return await startLoad(await kind.command(), { url, caFile, ...facts.keys, path: PATH, folder });
}

async function compare(sides: readonly Side[], inFlight: number, rounds: number): Promise<readonly (readonly string[])[]> {
  for (const side of sides) {
    await side.program.order({ inFlight, ms: WARM_MS });
    side.speeds = [];
    side.costs = [];
  }
  for (let round = 0; round < rounds; round++)
    for (const side of sides) {
      const answer: LoadAnswer = await side.program.order({ inFlight, ms: ROUND_MS });
      side.speeds.push(answer.calls / answer.seconds);
      side.costs.push((answer.cpuSeconds / answer.calls) * 1e6);
    }
  const [ours] = sides;
  return sides.map((side) => {
    const other = side !== ours && ours !== undefined;
    const faster = other ? spread(ratios(ours.speeds, side.speeds)) : '';
    const cheaper = other ? spread(ratios(ours.costs, side.costs)) : '';
    const mark = side.name === 'node-ovh' ? '≥ 1.5' : '';
    return [String(inFlight), side.name, median(side.speeds).toFixed(0), faster, mark, median(side.costs).toFixed(0), cheaper];
  });
}
