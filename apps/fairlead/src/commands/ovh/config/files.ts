import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseIni } from '@fairlead/ovh';
import { CliError } from '../../../cli-errors.ts';
import type { ConfigWords } from './config-words.ts';

type Ini = ReturnType<typeof parseIni>;

/** One place of the chain (ovh 3.1). */
export interface ChainFile {
  readonly path: string;
  readonly kind: 'named' | 'working folder' | 'home' | 'system';
  readonly state: 'read' | 'absent' | 'denied' | 'a folder';
  readonly text: string;
  readonly ini: Ini | undefined;
  /** Permission bits. */
  readonly mode: number | undefined;
}

/** The files that are looked for, highest first, read. Throws `OVH_CONFIGURATION` for one that cannot be understood. */
export function readChain({ config }: Pick<ConfigWords, 'config'>): readonly ChainFile[] {
  const home = homedir();
  const named = config ?? (process.env.OVH_CONFIG?.trim() || undefined);
  const places: (readonly [ChainFile['kind'], string | undefined])[] = [
    ['named', named?.startsWith('~/') ? join(home, named.slice(2)) : named],
    ['working folder', 'ovh.conf'],
    ['home', join(home, '.ovh.conf')],
    ['system', '/etc/ovh.conf'],
  ];
  return places.flatMap(([kind, path]) => (path === undefined ? [] : [readPlace(kind, resolve(path))]));
}

function readPlace(kind: ChainFile['kind'], path: string): ChainFile {
  try {
    const status = statSync(path);
    if (status.isDirectory()) return { kind, path, state: 'a folder', text: '', ini: undefined, mode: undefined };
    const text = readFileSync(path, 'utf8');
    return { kind, path, state: 'read', text, ini: parseIni(text, path), mode: status.mode & 0o777 };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind, path, state: 'absent', text: '', ini: undefined, mode: undefined };
    if (code === 'EACCES' || code === 'EPERM') return { kind, path, state: 'denied', text: '', ini: undefined, mode: undefined };
    throw error;
  }
}

/** The section of a file; names of sections count in any case where none is the same. */
export function sectionIn(file: ChainFile, name: string): Ini['sections'][number] | undefined {
  const sections = file.ini?.sections ?? [];
  return sections.find((one) => one.name === name) ?? sections.find((one) => one.name.toLowerCase() === name.toLowerCase());
}

/** Where something is kept that no file has yet: the highest file that there is, but never that of the whole system; else the one at home. */
export function usualFile(chain: readonly ChainFile[]): ChainFile {
  const named = chain.find((file) => file.kind === 'named');
  const file = named ?? chain.find((one) => one.kind !== 'system' && one.state === 'read') ?? chain.find((one) => one.kind === 'home');
  if (file === undefined) throw CliError('CLI_OVH_FILE', { reason: 'there is no file to write to' });
  return file;
}

/** Throws `CLI_OVH_FILE` for a file that cannot be written. */
export function requireWritable({ path, state }: Pick<ChainFile, 'path' | 'state'>): void {
  if (state === 'denied' || state === 'a folder') throw CliError('CLI_OVH_FILE', { reason: `${path} is ${state}` });
  try {
    if (state === 'read') accessSync(path, constants.W_OK);
    accessSync(resolve(path, '..'), constants.W_OK);
  } catch {
    throw CliError('CLI_OVH_FILE', { reason: `${path} cannot be written` });
  }
}
