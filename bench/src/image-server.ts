import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, rm, statfs, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hasDaemon, type ImageServer, startDaemon, startOurs } from './image-servers.ts';
import type { Bench } from './main.ts';

const MIB = 1024 * 1024;
const SIZE_MIB = 1024;
const ROUNDS = 3;
/** Of the kernel's accounting in /proc (USER_HZ). */
const TICKS_PER_S = 100;
const run = promisify(execFile);

interface Sample {
  readonly rate: number;
  readonly cpuS: number;
  readonly peakMib: number;
}

type Side = 'ours' | 'daemon' | 'proxy';
type Transfer = (urls: ImageServer['urls'], source: string) => Promise<unknown>;

const transfers: readonly { readonly name: string; readonly sides: readonly Side[]; readonly move: Transfer }[] = [
  { name: 'GET, 1 stream', sides: ['ours', 'daemon', 'proxy'], move: ({ read }) => curl(read) },
  { name: 'GET, 4 streams', sides: ['ours', 'daemon'], move: ({ read }) => Promise.all([0, 1, 2, 3].map((part) => quarter(read, part))) },
  { name: 'PUT, 1 stream', sides: ['ours', 'daemon', 'proxy'], move: ({ write }, source) => upload(write, source) },
];

/**
 * Our image server against the real daemon, 1 GiB over HTTPS with curl, and ours through our proxy. Each run has a server in a fresh process and a
 * fresh qemu-nbd; the sides run in turn.
 */
export const imageServer: Bench = {
  name: 'image-server',
  run: async () => {
    const folder = await mkdtemp(join(await roomyFolder(), 'bench-'));
    try {
      return await compare(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function compare(folder: string): Promise<readonly string[]> {
  const images = join(folder, 'images');
  await mkdir(images);
  await writeRandom(join(images, 'source.raw'));
  const lines = hasDaemon() ? [] : ['the real daemon is not installed (./dev conformance ovirt-sdk-python brings it)'];
  for (const { name, sides, move } of transfers) {
    const present = sides.filter((side) => side !== 'daemon' || hasDaemon());
    const samples = new Map(present.map((side) => [side, [] as Sample[]]));
    for (let round = 0; round < ROUNDS; round++)
      for (const side of present) samples.get(side)?.push(await measure(side, move, join(folder, 'state'), images));
    for (const [side, taken] of samples) lines.push(line(name, side, taken));
    lines.push(...ratio(name, samples));
  }
  return lines;
}

async function measure(side: Side, move: Transfer, state: string, images: string): Promise<Sample> {
  await rm(state, { recursive: true, force: true });
  await mkdir(state);
  const source = join(images, 'source.raw');
  await rm(join(images, 'target.raw'), { force: true });
  await (await open(join(images, 'target.raw'), 'w')).close();
  await truncate(join(images, 'target.raw'), SIZE_MIB * MIB);
  await using server = await (side === 'daemon' ? startDaemon : startOurs)(state, images);
  const urls = side === 'proxy' && server.proxied ? server.proxied : server.urls;
  const cpuBefore = await cpuSeconds(server.pid);
  const begin = performance.now();
  await move(urls, source);
  const seconds = (performance.now() - begin) / 1000;
  return { rate: SIZE_MIB / seconds, cpuS: (await cpuSeconds(server.pid)) - cpuBefore, peakMib: await peakMib(server.pid) };
}

/** The certificate is of an authority made for this run, and nobody else listens there. */
function curl(...args: readonly string[]) {
  return run('curl', ['-sSk', '--fail', '--max-time', '120', '-o', '/dev/null', ...args]);
}

function quarter(url: string, part: number) {
  const size = (SIZE_MIB * MIB) / 4;
  return curl('-r', `${part * size}-${(part + 1) * size - 1}`, url);
}

function upload(url: string, source: string) {
  return curl('-H', 'Expect:', '-T', source, `${url}?flush=n`);
}

async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}

async function peakMib(pid: number): Promise<number> {
  return Number(/^VmHWM:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

function line(name: string, side: Side, samples: readonly Sample[]): string {
  const of = (pick: (sample: Sample) => number) => median(samples.map(pick));
  const rate = `${of((one) => one.rate).toFixed(0)} MiB/s`.padStart(10);
  return `${name.padEnd(15)} ${side.padEnd(7)} ${rate}  ${of((one) => one.cpuS).toFixed(2)} CPU-s per GiB  ${of((one) => one.peakMib).toFixed(0)} MiB at most`;
}

function ratio(name: string, samples: ReadonlyMap<Side, readonly Sample[]>): readonly string[] {
  const [ours, theirs] = [samples.get('ours'), samples.get('daemon')];
  if (!ours || !theirs) return [];
  const ratios = ours.map((one, round) => one.rate / (theirs[round]?.rate ?? Number.NaN));
  return [
    `${name.padEnd(15)} ratio   ${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
  ];
}

/** Memory rather than a disk, when two images fit in. */
async function roomyFolder(): Promise<string> {
  if (!existsSync('/dev/shm')) return tmpdir();
  const { bavail, bsize } = await statfs('/dev/shm');
  return bavail * bsize > 4 * SIZE_MIB * MIB ? '/dev/shm' : tmpdir();
}

async function writeRandom(path: string): Promise<void> {
  await using file = await open(path, 'w');
  for (let done = 0; done < SIZE_MIB; done += 16) await file.write(randomBytes(16 * MIB));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
