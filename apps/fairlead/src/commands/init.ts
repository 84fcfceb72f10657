import { randomBytes } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { systemClock } from '@fairlead/kernel/clock';
import { ServerSection } from '@fairlead/kernel/config';
import { silentLog } from '@fairlead/kernel/log';
import { loadAuthority } from '@fairlead/kernel/tls';
import type { Command } from 'commander';
import { CliError } from '../cli-errors.ts';
import { primaryAddress } from '../compose/addresses.ts';
import { loadConfiguration } from '../compose/configuration.ts';
import type { Output } from '../output.ts';

interface InitOptions {
  readonly dir: string;
  readonly stateDir?: string;
  readonly endpoint?: string;
  readonly publicIp?: string;
  readonly image: boolean;
}

/** `fairlead init`: a first configuration with its secrets and certificates; asks only what it cannot know. */
export function addInit(program: Command, output: Output): void {
  program
    .command('init')
    .description('write a first configuration, make secrets and certificates')
    .option('--dir <folder>', 'where fairlead.ini goes', '/etc/fairlead')
    .option('--state-dir <folder>', 'where state is kept')
    .option('--endpoint <url>', 'CloudStack endpoint, ending in /client/api')
    .option('--public-ip <names>', 'names and addresses by which tools reach this machine, separated by commas')
    .option('--no-image', 'leave the image server and proxy out')
    .action((options: InitOptions) => init(options, output));
}

async function init(options: InitOptions, output: Output): Promise<void> {
  const folder = resolve(options.dir);
  const file = join(folder, 'fairlead.ini');
  const endpoint = options.endpoint ?? (await ask('CloudStack endpoint (https://…/client/api): '));
  const publicIp = options.publicIp ?? primaryAddress() ?? 'localhost';
  await mkdir(folder, { recursive: true, mode: 0o750 });
  await writeSecret(join(folder, 'hmac_secret'));
  await writeNew(file, firstFile({ folder, endpoint, publicIp, stateDir: options.stateDir, image: options.image }));
  const config = loadConfiguration({ file });
  const { server } = config.values(ServerSection);
  await mkdir(server.state_dir, { recursive: true, mode: 0o750 });
  const authority = await loadAuthority({
    ssl: {},
    stateDir: server.state_dir,
    names: server.public_ip,
    clock: systemClock,
    log: silentLog(),
  });
  output.print(`Wrote ${file}`);
  output.print(`Certificate authority of this gateway: ${authority.fingerprint}`);
  output.print(`Next: put the service key into [cloudstack] (api_key, secret_key), then run: fairlead serve --config ${file}`);
}

function firstFile(facts: { folder: string; endpoint: string; publicIp: string; stateDir: string | undefined; image: boolean }): string {
  return [
    '# The first configuration of this gateway. `fairlead config sample` prints every key.',
    '[server]',
    `public_ip = ${facts.publicIp}`,
    ...(facts.stateDir === undefined
      ? []
      : [`state_dir = ${resolve(facts.stateDir)}`, `run_dir = ${join(resolve(facts.stateDir), 'run')}`]),
    '',
    '[security]',
    `hmac_secret = @${join(facts.folder, 'hmac_secret')}`,
    '',
    '[cloudstack]',
    `endpoint = ${facts.endpoint}`,
    '# The key of a root admin: needed for restores, disks and the list of hosts.',
    ';api_key = ',
    ';secret_key = ',
    '',
    '[ovirt]',
    ...(facts.image ? ['', '[image]'] : []),
    '',
  ].join('\n');
}

async function writeSecret(path: string): Promise<void> {
  await writeNew(path, `${randomBytes(48).toString('base64url')}\n`);
}

/** Never overwrites: what exists holds secrets that rows in the store were sealed with. */
async function writeNew(path: string, content: string): Promise<void> {
  await writeFile(path, content, { flag: 'wx', mode: 0o600 }).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'EEXIST' ? CliError('CLI_INIT_EXISTS', { path }, { cause }) : cause;
  });
  await chmod(path, 0o600);
}

async function ask(question: string): Promise<string> {
  if (!process.stdin.isTTY) throw CliError('CLI_USAGE', { reason: '--endpoint is needed where nobody can be asked' });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question)).trim();
  } finally {
    terminal.close();
  }
}
