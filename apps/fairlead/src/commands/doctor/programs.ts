import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { bridge as image } from '@fairlead/bridge-image';
import type { LoadedConfig } from '@fairlead/kernel/config';
import { programEnvironment } from '../../backup/programs.ts';
import { type Finding, failed, ok, reasonOf } from './finding.ts';

const run = promisify(execFile);

/** The programs that the image server starts. */
export async function examinePrograms(config: LoadedConfig, signal: AbortSignal): Promise<readonly Finding[]> {
  if (!config.on(image.config)) return [];
  const { image: settings } = config.values(...image.config);
  if (settings.role === 'proxy') return [];
  return Promise.all(['qemu_nbd' as const, 'qemu_img' as const].map((key) => examineProgram(key.replace('_', '-'), settings[key], signal)));
}

async function examineProgram(what: string, program: string, signal: AbortSignal): Promise<Finding> {
  try {
    const { stdout } = await run(program, ['--version'], { signal, timeout: 10_000, env: programEnvironment() });
    return ok(what, stdout.split('\n', 1)[0]?.slice(0, 100) ?? program);
  } catch (error) {
    return failed(what, `${program} cannot be run: ${reasonOf(error)}`, {
      help: 'Install the Debian package qemu-utils, or name the program in [image].',
    });
  }
}
