import { randomBytes } from 'node:crypto';
import { access, chmod, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { systemClock } from '@fairlead/kernel/clock';
import { ServerSection } from '@fairlead/kernel/config';
import { silentLog } from '@fairlead/kernel/log';
import { loadAuthority } from '@fairlead/kernel/tls';
import { CliError } from '../cli-errors.ts';
import type { Output } from '../output.ts';
import { primaryAddress } from './addresses.ts';
import { loadConfiguration } from './configuration.ts';

/** What `fairlead init` was told. */
export interface InitOptions {
  readonly dir: string;
  readonly stateDir?: string;
  readonly endpoint?: string;
  readonly publicIp?: string;
  readonly image: boolean;
  /** Who carries out the commands of the CCE API; absent: it is not served. */
  readonly cce?: 'embedded' | 'demo' | 'socket';
}

/**
 * Writes `fairlead.ini` and its secret, makes the certificates and says what to do next.
 * Throws `CLI_INIT_EXISTS`, and `CLI_USAGE` where nobody can be asked.
 */
export async function writeFirstConfiguration(options: InitOptions, output: Output): Promise<void> {
  const folder = resolve(options.dir);
  const file = join(folder, 'fairlead.ini');
  // Who wants the CCE API alone is not asked for a cloud.
  const endpoint = options.endpoint ?? (options.cce === undefined ? await ask('CloudStack endpoint (https://…/client/api): ') : undefined);
  const publicIp = options.publicIp ?? primaryAddress() ?? 'localhost';
  const secretFile = join(folder, 'hmac_secret');
  const secret = randomBytes(48).toString('base64url');
  const facts = { endpoint, publicIp, stateDir: options.stateDir, image: options.image, cce: options.cce };
  // A mistake in what was told shows before anything is written.
  loadConfiguration({ text: firstFile({ ...facts, secret }) });
  await refuseExisting(file, secretFile);
  await mkdir(folder, { recursive: true, mode: 0o750 });
  await writeNew(secretFile, `${secret}\n`);
  await writeNew(file, firstFile({ ...facts, secret: `@${secretFile}` }));
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
  const first = endpoint === undefined ? '' : 'put the service key into [cloudstack] (api_key, secret_key), then ';
  output.print(`Next: ${first}run: fairlead serve --config ${file}`);
}

interface Facts {
  readonly endpoint: string | undefined;
  readonly publicIp: string;
  readonly stateDir: string | undefined;
  readonly image: boolean;
  readonly cce: InitOptions['cce'];
  /** The server secret, or `@` and the file that holds it. */
  readonly secret: string;
}

function firstFile(facts: Facts): string {
  return [
    '# The first configuration of this gateway. `fairlead config sample` prints every key.',
    '[server]',
    `public_ip = ${facts.publicIp}`,
    ...(facts.stateDir === undefined
      ? []
      : [`state_dir = ${resolve(facts.stateDir)}`, `run_dir = ${join(resolve(facts.stateDir), 'run')}`]),
    '',
    '[security]',
    `hmac_secret = ${facts.secret}`,
    '',
    ...(facts.endpoint === undefined ? [] : cloudLines(facts.endpoint, facts.image)),
    ...(facts.cce === undefined ? [] : cceLines(facts.cce)),
    '',
  ].join('\n');
}

function cloudLines(endpoint: string, image: boolean): readonly string[] {
  return [
    '[cloudstack]',
    `endpoint = ${endpoint}`,
    '# The key of a root admin: needed for restores, disks and the list of hosts.',
    ';api_key = ',
    ';secret_key = ',
    '',
    '[ovirt]',
    ...(image ? ['', '[image]'] : []),
    '',
  ];
}

function cceLines(backend: 'embedded' | 'demo' | 'socket'): readonly string[] {
  return [
    '[cce]',
    `backend = ${backend === 'demo' ? 'embedded' : backend}`,
    ...(backend === 'demo' ? ['fixtures = demo'] : []),
    '# Addresses and networks of other machines that may call; their secrets will be in the file `access`.',
    ';api_access = 203.0.113.7, 2001:db8::/32',
    '',
  ];
}

/** Both or none: a secret without its configuration would stand in the way of the next attempt. */
async function refuseExisting(...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists) throw CliError('CLI_INIT_EXISTS', { path });
  }
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
