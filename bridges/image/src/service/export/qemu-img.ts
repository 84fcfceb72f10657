import { z } from 'zod';
import { ImageError } from '../../errors.ts';
import { exportFailureCode } from '../../map/qemu-nbd.ts';
import { type ProgramResult, runProgram } from './program.ts';

const infoSchema = z.object({
  'virtual-size': z.int().nonnegative(),
  'cluster-size': z.int().positive().optional(),
  'backing-filename': z.string().optional(),
  encrypted: z.boolean().optional(),
  'format-specific': z.object({ data: z.object({ 'data-file': z.string().optional() }).optional() }).optional(),
});

const checkSchema = z.object({
  'check-errors': z.int().optional(),
  corruptions: z.int().optional(),
  'image-end-offset': z.int().nonnegative().optional(),
});

export interface ImageInfo {
  /** Bytes as the guest sees them. */
  readonly virtualSize: number;
  readonly clusterSize: number;
  readonly backingFile?: string;
  readonly dataFile?: string;
  readonly encrypted: boolean;
}

const INFO_MS = 30_000;
const CHECK_MS = 30 * 60_000;
/** Exit code of `qemu-img check` for leaked clusters only: space is lost, no data. */
const LEAKS_ONLY = 3;

/** What qemu-img tells about images. The format is always given: a guest's disk is never probed. */
export class QemuImg {
  readonly #program: string;

  constructor(program: string) {
    this.#program = program;
  }

  /** Throws `IMAGE_IMAGE_IN_USE`, `IMAGE_FORMAT_MISMATCH`, `IMAGE_EXPORT_FAILED`. */
  async info(path: string, format: string): Promise<ImageInfo> {
    const result = await runProgram(this.#program, ['info', '--output=json', '-f', format, '--', path], INFO_MS);
    if (result.code !== 0) throw refusal(path, format, result);
    const facts = infoSchema.parse(JSON.parse(result.stdout));
    const dataFile = facts['format-specific']?.data?.['data-file'];
    return {
      virtualSize: facts['virtual-size'],
      clusterSize: facts['cluster-size'] ?? 512,
      encrypted: facts.encrypted ?? false,
      ...(facts['backing-filename'] !== undefined && { backingFile: facts['backing-filename'] }),
      ...(dataFile !== undefined && { dataFile }),
    };
  }

  /** Makes an empty qcow2 image of a file that exists; its mode and owner stay. Throws `IMAGE_EXPORT_FAILED`, `IMAGE_IMAGE_IN_USE`. */
  async makeEmpty(path: string, virtualSize: number): Promise<void> {
    const result = await runProgram(this.#program, ['create', '-q', '-f', 'qcow2', '--', path, String(virtualSize)], INFO_MS);
    if (result.code !== 0) throw refusal(path, 'qcow2', result);
  }

  /** Where the last used cluster of a qcow2 file ends. Throws `IMAGE_VERIFY_FAILED` when anything but leaked clusters is wrong. */
  async check(path: string): Promise<number | undefined> {
    const result = await runProgram(this.#program, ['check', '--output=json', '-f', 'qcow2', '--', path], CHECK_MS);
    if (result.code !== 0 && result.code !== LEAKS_ONLY) {
      throw ImageError('IMAGE_VERIFY_FAILED', { reason: `qemu-img check: ${lastLine(result) || `exit code ${result.code}`}` });
    }
    const facts = checkSchema.parse(JSON.parse(result.stdout));
    if ((facts['check-errors'] ?? 0) > 0 || (facts.corruptions ?? 0) > 0) {
      throw ImageError('IMAGE_VERIFY_FAILED', { reason: 'qemu-img check found corrupt clusters' });
    }
    return facts['image-end-offset'];
  }
}

function refusal(path: string, format: string, result: ProgramResult): Error {
  return ImageError(exportFailureCode(result.stderr), { path, format, reason: lastLine(result) });
}

function lastLine({ stderr }: ProgramResult): string {
  return stderr.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
}
