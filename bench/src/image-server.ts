import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { median, ratios, spread } from './figures.ts';
import { benchFolder, emptyFile, emptyFolder, randomFile } from './files.ts';
import { type Face, hasDaemon, type ImageServer, type Images, startDaemon, startOurs, type Way } from './image-servers.ts';
import { cpuSeconds, forgetPeak, peakMib, processesOf } from './processes.ts';
import type { Bench, Table } from './report.ts';

const MIB = 1024 * 1024;
const SIZE_MIB = 1024;
const run = promisify(execFile);

interface Sample {
  readonly rate: number;
  readonly serverCpuS: number;
  readonly qemuCpuS: number;
  readonly peakMib: number;
}

const SIDES = ['ours', 'daemon', 'daemon, pinned'] as const;
type Side = (typeof SIDES)[number];
const starts: { readonly [side in Side]: (state: string, images: Images) => Promise<ImageServer> } = {
  ours: startOurs,
  daemon: (state, images) => startDaemon(state, images, 'default'),
  'daemon, pinned': (state, images) => startDaemon(state, images, 'pinned'),
};

interface Case {
  readonly name: string;
  readonly way: Way;
  /** Least ratio to the daemon that we want to reach. */
  readonly mark?: number;
  readonly move: (face: Face, source: string) => Promise<unknown>;
}

const get1 = ({ read }: Face) => curl(...read);
const get4 = ({ read }: Face) => Promise.all([0, 1, 2, 3].map((part) => quarter(read, part)));
const put1 = ({ write }: Face, source: string) => upload(write, source);
const put4 = ({ write }: Face, source: string) => Promise.all([0, 1, 2, 3].map((part) => uploadQuarter(write, source, part)));

const cases: readonly Case[] = [
  { name: 'GET, http, 1 stream', way: 'http', mark: 2, move: get1 },
  { name: 'GET, http, 4 streams', way: 'http', move: get4 },
  { name: 'GET, https, 1 stream', way: 'https', mark: 1.4, move: get1 },
  { name: 'GET, https, 4 streams', way: 'https', move: get4 },
  { name: 'PUT, http, 1 stream', way: 'http', mark: 1.3, move: put1 },
  { name: 'PUT, https, 1 stream', way: 'https', mark: 1.15, move: put1 },
  { name: 'PUT, https, 4 streams', way: 'https', move: put4 },
  { name: 'GET through our proxy', way: 'proxy', move: get1 },
  { name: 'PUT through our proxy', way: 'proxy', move: put1 },
];

/** Our image server against the real daemon, 1 GiB with curl: servers that live on, a fresh qemu-nbd for each run, the sides in turn. */
export const imageServer: Bench = {
  name: 'image-server',
  title: 'Image server against the `ovirt-imageio` daemon (PyPI), 1 GiB of random data in memory, by curl',
  rounds: 7,
  run: async (rounds) => {
    await using folder = await benchFolder(4 * SIZE_MIB * MIB);
    const images = { folder: join(folder.path, 'images'), source: 'source.raw', target: 'target.raw', size: SIZE_MIB * MIB };
    await emptyFolder(images.folder);
    await randomFile(join(images.folder, images.source), SIZE_MIB * MIB);
    await using scope = new AsyncDisposableStack();
    const servers = new Map<Side, ImageServer>();
    for (const side of hasDaemon() ? SIDES : (['ours'] as const)) {
      const state = join(folder.path, side.replace(/\W+/g, '-'));
      await emptyFolder(state);
      servers.set(side, scope.use(await starts[side](state, images)));
    }
    const table: (readonly string[])[] = [];
    for (const one of cases) table.push(...(await compare(one, rounds, servers, images)));
    return [{ head, rows: table, notes: notes() } satisfies Table];
  },
};

const head = ['case', 'server', 'MiB/s', 'ratio', 'mark', 'CPU-s/GiB of server', 'CPU-s/GiB of qemu-nbd', 'peak MiB'];

function notes(): readonly string[] {
  const said = [
    'ratio: ours divided by that server, run by run. http is spoken on a unix socket, the only plain face that we have.',
    '“daemon” has a qemu-nbd as it comes; “daemon, pinned” one with the allocator settings that we start ours with.',
  ];
  return hasDaemon() ? said : [...said, 'The daemon is not installed: `./dev conformance ovirt-sdk-python` brings it.'];
}

async function compare(one: Case, rounds: number, servers: ReadonlyMap<Side, ImageServer>, images: Images): Promise<(readonly string[])[]> {
  const sides = [...servers].filter(([side]) => one.way !== 'proxy' || side === 'ours');
  const samples = new Map(sides.map(([side]) => [side, [] as Sample[]]));
  for (let round = 0; round < rounds; round++)
    for (const [side, server] of sides) samples.get(side)?.push(await measure(server, one, images));
  const ours = (samples.get('ours') ?? []).map(({ rate }) => rate);
  return [...samples].map(([side, taken]) => row(one, side, taken, ours));
}

async function measure(server: ImageServer, { way, move }: Case, images: Images): Promise<Sample> {
  await emptyFile(join(images.folder, images.target), images.size);
  await using transfers = await server.begin();
  const face = transfers.faces[way];
  if (face === undefined) throw new Error(`no ${way}`);
  const storage = await processesOf('qemu-nbd', images.folder);
  const storageCpu = async () => (await Promise.all(storage.map(cpuSeconds))).reduce((sum, one) => sum + one, 0);
  await forgetPeak(server.pid);
  const before = { server: await cpuSeconds(server.pid), storage: await storageCpu() };
  const begin = performance.now();
  await move(face, join(images.folder, images.source));
  const seconds = (performance.now() - begin) / 1000;
  return {
    rate: SIZE_MIB / seconds,
    serverCpuS: (await cpuSeconds(server.pid)) - before.server,
    qemuCpuS: (await storageCpu()) - before.storage,
    peakMib: await peakMib(server.pid),
  };
}

/** The certificate is of an authority made for this run, and nobody else listens there. */
function curl(...args: readonly string[]) {
  return run('curl', ['-sSk', '--fail', '--max-time', '120', '-o', '/dev/null', ...args]);
}

function quarter(place: readonly string[], part: number) {
  const size = (SIZE_MIB * MIB) / 4;
  return curl('-r', `${part * size}-${(part + 1) * size - 1}`, ...place);
}

function upload(place: readonly string[], source: string) {
  return curl('-H', 'Expect:', '-T', source, ...flushed(place));
}

/** curl cannot send a part of a file, but a pipe; its length is told by a header. */
function uploadQuarter(place: readonly string[], source: string, part: number) {
  const size = (SIZE_MIB * MIB) / 4;
  const range = `content-range: bytes ${part * size}-${(part + 1) * size - 1}/*`;
  const options = ['-H', 'Expect:', '-H', 'Transfer-Encoding:', '-H', `content-length: ${size}`, '-H', range, '-T', '-'];
  const command = `dd if="$1" bs=1M skip=${part * (SIZE_MIB / 4)} count=${SIZE_MIB / 4} status=none | { shift; curl -sSk --fail --max-time 120 -o /dev/null "$@"; }`;
  return run('sh', ['-c', command, 'sh', source, ...options, ...flushed(place)]);
}

function flushed(place: readonly string[]): readonly string[] {
  return [...place.slice(0, -1), `${place.at(-1)}?flush=n`];
}

function row(one: Case, side: Side, samples: readonly Sample[], ours: readonly number[]): readonly string[] {
  const of = (pick: (sample: Sample) => number) => samples.map(pick);
  const ratio =
    side === 'ours'
      ? ''
      : spread(
          ratios(
            ours,
            of(({ rate }) => rate),
          ),
        );
  return [
    one.name,
    side,
    median(of(({ rate }) => rate)).toFixed(0),
    ratio,
    side === 'daemon' && one.mark !== undefined ? `≥ ${one.mark}` : '',
    median(of(({ serverCpuS }) => serverCpuS)).toFixed(2),
    median(of(({ qemuCpuS }) => qemuCpuS)).toFixed(2),
    median(of((sample) => sample.peakMib)).toFixed(0),
  ];
}
