import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAccessLine, readAccessText, writeWholeFile } from '@fairlead/bridge-cce';
import { ServerSection } from '@fairlead/kernel/config';
import { newAlphanumeric } from '@fairlead/kernel/ids';
import { CliError } from '../../cli-errors.ts';
import { loadConfiguration } from '../../compose/configuration.ts';
import { formatTable, type Output } from '../../output.ts';
import { cceSettingsOf } from './settings.ts';

export interface CareOptions {
  readonly config?: string;
  readonly json?: boolean;
}

const SECRET_LENGTH = 32;

/** Prints who has a client secret and what it may do, never the secret itself (cce 7.4, 12.5). */
export async function listSecrets(options: CareOptions, output: Output): Promise<void> {
  const { entries, ignored } = readAccessText(await readAccess(accessPath(options)));
  const rows = [...entries.values()].map(({ network, user, verbs, classes, expiresMs }) => ({
    entry: network,
    user: user ?? 'api-admin',
    verbs: verbs === undefined ? 'all' : [...verbs].join(','),
    classes: classes === undefined ? 'all' : [...classes].join(','),
    expires: expiresMs === undefined ? 'never' : new Date(expiresMs).toISOString(),
  }));
  if (options.json === true) output.print(JSON.stringify(rows));
  else output.print(formatTable([['entry', 'user', 'verbs', 'classes', 'expires'], ...rows.map((row) => Object.values(row))]));
  if (ignored.length > 0) output.tell(`lines that are not understood: ${ignored.join(', ')}`);
}

/** Gives an entry a new secret and prints it; the gateway takes it up at once, tokens of the former one end. Throws `CLI_CCE_NOT_FOUND`. */
export async function rotateSecret(entry: string, options: CareOptions, output: Output): Promise<void> {
  const secret = newAlphanumeric(SECRET_LENGTH);
  await changeLine(entry, options, (line, former) => [replaceLast(line, former, secret)]);
  output.print(secret);
}

/** Takes the secret of an entry away: nobody gets in with it from now on. Throws `CLI_CCE_NOT_FOUND`. */
export async function revokeSecret(entry: string, options: CareOptions, output: Output): Promise<void> {
  await changeLine(entry, options, () => []);
  output.print(`The secret of ${entry} opens nothing any more.`);
  output.tell('As long as the entry stands in [cce] api_access, the next start or reload gives it a new secret.');
}

async function changeLine(entry: string, options: CareOptions, change: (line: string, secret: string) => readonly string[]): Promise<void> {
  const path = accessPath(options);
  const text = await readAccess(path);
  // Read as a line would be, so that 10.0.0.5 and 10.0.0.5/32 are the same.
  const wanted = parseAccessLine(`${entry}:${'x'.repeat(SECRET_LENGTH)}`)?.network;
  let isFound = false;
  const lines = text.split('\n').flatMap((line) => {
    const found = line.trimStart().startsWith('#') ? undefined : parseAccessLine(line);
    if (found === undefined || found.network !== wanted) return [line];
    isFound = true;
    return change(line, found.secret);
  });
  if (!isFound) throw CliError('CLI_CCE_NOT_FOUND', { reason: `${path} has no entry ${entry}` });
  const isUnchanged = async () => (await readAccess(path)) === text;
  if (!(await writeWholeFile(path, lines.join('\n'), isUnchanged)))
    throw CliError('CLI_CCE_FAILED', { reason: `${path} was changed meanwhile` });
}

function replaceLast(line: string, former: string, secret: string): string {
  const at = line.lastIndexOf(`:${former}`) + 1;
  return line.slice(0, at) + secret + line.slice(at + former.length);
}

function accessPath(options: CareOptions): string {
  const config = loadConfiguration({ file: options.config });
  const { server } = config.values(ServerSection);
  return join(cceSettingsOf(config).state_dir ?? join(server.state_dir, 'cce'), 'access');
}

async function readAccess(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}
