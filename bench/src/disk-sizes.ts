import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { median, ratios, spread } from './figures.ts';
import { benchFolder, emptyFile, emptyFolder, randomFile } from './files.ts';
import { type Images, startOurs } from './image-servers.ts';
import { forgetPeak, peakMib } from './processes.ts';
import type { Bench } from './report.ts';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const TIB = 1024 * GIB;
const AREAS = 64;
const AREA = 16 * MIB;
const run = promisify(execFile);

/** Both disks hold the same 1 GiB of data, in 64 areas; a tool asks where they are and reads just them. */
export const diskSizes: Bench = {
  name: 'disk-sizes',
  title: 'Memory of the image server for a disk of 1 GiB and of 1 TiB: extents, then all data over HTTPS in one connection',
  rounds: 3,
  run: async (rounds) => {
    await using folder = await benchFolder(4 * GIB);
    const peaks = new Map([GIB, TIB].map((size) => [size, [] as number[]]));
    for (let round = 0; round < rounds; round++)
      for (const [size, taken] of peaks) taken.push(await peakOf(size, join(folder.path, `${size}-${round}`)));
    const [small = [], large = []] = peaks.values();
    const rows = [
      ['1 GiB', median(small).toFixed(0), ''],
      ['1 TiB', median(large).toFixed(0), spread(ratios(large, small))],
    ];
    return [{ head: ['disk', 'peak MiB', 'ratio to 1 GiB'], rows }];
  },
};

async function peakOf(size: number, folder: string): Promise<number> {
  const images: Images = { folder: join(folder, 'images'), source: 'source.raw', target: 'target.raw', size };
  const state = join(folder, 'state');
  await emptyFolder(images.folder);
  await emptyFolder(state);
  const starts = Array.from({ length: AREAS }, (_, area) => area * (size / AREAS));
  await randomFile(join(images.folder, images.source), AREA, starts);
  await emptyFile(join(images.folder, images.target), size);
  await using server = await startOurs(state, images);
  await using transfers = await server.begin();
  const place = transfers.faces.https?.read ?? [];
  await forgetPeak(server.pid);
  await readData(place[0] ?? '');
  return await peakMib(server.pid);
}

/** What a backup tool does: extents, then each that holds data; curl keeps one connection for all of them. */
async function readData(url: string): Promise<void> {
  const { stdout } = await run('curl', ['-sSk', '--fail', `${url}/extents`], { maxBuffer: 64 * MIB });
  const extents = JSON.parse(stdout) as { readonly start: number; readonly length: number; readonly zero: boolean }[];
  const data = extents.filter(({ zero }) => !zero);
  const read = data.reduce((sum, { length }) => sum + length, 0);
  if (read !== AREAS * AREA) throw new Error(`the extents tell of ${read} bytes of data`);
  const one = ({ start, length }: { start: number; length: number }) => [
    ...['-sSk', '--fail', '-o', '/dev/null', '-r', `${start}-${start + length - 1}`, url],
  ];
  await run(
    'curl',
    data.flatMap((extent, at) => (at === 0 ? one(extent) : ['--next', ...one(extent)])),
  );
}
