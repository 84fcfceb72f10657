import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/** Which Debian package brings each program that tests start. */
const PACKAGES: Readonly<Record<string, string>> = {
  'qemu-nbd': 'qemu-utils',
  'qemu-img': 'qemu-utils',
  'qemu-io': 'qemu-utils',
  nbdkit: 'nbdkit',
  nbdcopy: 'libnbd-bin',
  nbdinfo: 'libnbd-bin',
};

const execFileAsync = promisify(execFile);

/** True if `program` is on the PATH. */
export function hasProgram(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function absence(program: string): string {
  return `${program} is not installed (Debian package ${PACKAGES[program] ?? program})`;
}

/** Throws an error that names the Debian package if `program` is absent. */
export function assertProgram(program: string): void {
  if (!hasProgram(program)) throw new Error(absence(program));
}

/**
 * For `describe.skipIf(lacks('qemu-nbd'))`: true, with a printed reason, if one of the programs is absent.
 * Under `CI` or `FAIRLEAD_TEST_ALL=1` nothing may be skipped, so there an absent program throws.
 */
export function lacks(...programs: readonly string[]): boolean {
  const absent = programs.filter((program) => !hasProgram(program)).map(absence);
  if (absent.length === 0) return false;
  const reason = absent.join('; ');
  if (process.env.CI || process.env.FAIRLEAD_TEST_ALL === '1') throw new Error(reason);
  process.stderr.write(`skipped: ${reason}\n`);
  return true;
}

/** Runs a program to its end and gives its standard output; a failure's message holds its standard error. */
export async function run(program: string, args: readonly string[]): Promise<string> {
  assertProgram(program);
  const { stdout } = await execFileAsync(program, args, { maxBuffer: 64 * 1024 * 1024, timeout: 120_000 });
  return stdout;
}
