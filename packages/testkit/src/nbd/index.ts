import { type NbdServer, startServer } from './server.ts';

export { assertProgram, hasProgram, lacks, run } from './programs.ts';
export type { NbdServer } from './server.ts';

/** Without these glibc gives every large buffer back to the system and fetches it again, which halves throughput. */
const PINNED_MALLOC = {
  MALLOC_MMAP_THRESHOLD_: '67108864',
  MALLOC_TRIM_THRESHOLD_: '536870912',
  MALLOC_TOP_PAD_: '16777216',
};

/** What qemu-nbd shall serve, and how. */
export interface QemuNbdOptions {
  readonly image: string;
  readonly format: 'raw' | 'qcow2';
  readonly readOnly?: boolean;
  /** How many clients at a time; 16 unless told. */
  readonly shared?: number;
  /** Names of bitmaps to offer as `qemu:dirty-bitmap:NAME`. */
  readonly bitmap?: string | readonly string[];
  readonly allocationDepth?: boolean;
  readonly exportName?: string;
  /** Serve again where an earlier server was. */
  readonly socketPath?: string;
  /** How glibc hands out memory in it; `pinned` unless told. */
  readonly malloc?: 'pinned' | 'default';
  /** More arguments, before the image. */
  readonly args?: readonly string[];
}

/** Starts `qemu-nbd --persistent` on a unix socket and waits for its greeting. */
export function qemuNbd(options: QemuNbdOptions): Promise<NbdServer> {
  const bitmaps = typeof options.bitmap === 'string' ? [options.bitmap] : (options.bitmap ?? []);
  return startServer({
    program: 'qemu-nbd',
    env: options.malloc === 'default' ? {} : PINNED_MALLOC,
    ...(options.socketPath === undefined ? {} : { socketPath: options.socketPath }),
    args: (socketPath) => [
      `--socket=${socketPath}`,
      '--persistent',
      `--shared=${options.shared ?? 16}`,
      `--export-name=${options.exportName ?? ''}`,
      '--cache=writeback',
      '--aio=threads',
      ...(options.readOnly ? ['--read-only'] : ['--discard=unmap', '--detect-zeroes=unmap']),
      ...(options.allocationDepth ? ['--allocation-depth'] : []),
      ...bitmaps.map((name) => `--bitmap=${name}`),
      ...(options.args ?? []),
      '-f',
      options.format,
      options.image,
    ],
  });
}

/** Which nbdkit plugin with which filters. */
export interface NbdkitOptions {
  readonly plugin: string;
  /** Parameters of the plugin and of the filters, e.g. `['1G', 'error-rate=5%']`. */
  readonly args?: readonly string[];
  /** Outermost first. */
  readonly filters?: readonly string[];
  /** Do not offer structured replies. */
  readonly noSr?: boolean;
  /** More options of nbdkit itself, e.g. `['--tls=require']`. */
  readonly options?: readonly string[];
  readonly socketPath?: string;
  readonly ready?: 'greeting' | 'socket';
}

/** Starts nbdkit in the foreground on a unix socket; it ends with this process. */
export function nbdkit(options: NbdkitOptions): Promise<NbdServer> {
  return startServer({
    program: 'nbdkit',
    ...(options.socketPath === undefined ? {} : { socketPath: options.socketPath }),
    ...(options.ready === undefined ? {} : { ready: options.ready }),
    args: (socketPath) => [
      '--foreground',
      '--exit-with-parent',
      `--unix=${socketPath}`,
      ...(options.noSr ? ['--no-sr'] : []),
      ...(options.filters ?? []).map((filter) => `--filter=${filter}`),
      ...(options.options ?? []),
      options.plugin,
      ...(options.args ?? []),
    ],
  });
}
