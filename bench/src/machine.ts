import { execFile } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What the figures were taken on, a line each. */
export async function machine(): Promise<readonly string[]> {
  const [first] = cpus();
  return [
    `${cpus().length} × ${first?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`,
    `Node ${process.version}, OpenSSL ${process.versions.openssl}, ${await firstLine('qemu-nbd', '--version')}, ${await firstLine('curl', '--version')}`,
    `commit ${await firstLine('git', 'rev-parse', '--short', 'HEAD')}`,
  ];
}

async function firstLine(program: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run(program, [...args]).catch(() => ({ stdout: `${program} absent` }));
  return (stdout.split('\n')[0] ?? '').split(' (')[0] ?? '';
}
