import { ConfigurationError } from '../errors/errors.ts';
import { builtin, onNode } from '../platform.ts';
import { variable } from './env-layer.ts';
import { resolveConfiguration } from './resolve.ts';
import type { ConfigurationFile, ConfigurationOptions, ConfigurationSources, FileKind, Settings } from './settings.ts';

/** Where the program runs; every part has its real value by default. */
export interface Surroundings {
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly cwd?: string | undefined;
  readonly home?: string | undefined;
  /** Where `ovh.conf` of the whole system stands, by default `/etc`. */
  readonly etc?: string | undefined;
}

/** Reads the environment and the files of the chain (spec 3.1), now and not when this module was loaded. */
export function readSources(options: ConfigurationOptions = {}, surroundings: Surroundings = {}): ConfigurationSources {
  const env = options.env === false ? {} : (options.env ?? surroundings.env ?? (onNode ? process.env : {}));
  if (!onNode) return { env, files: [] };
  const { join, resolve } = builtin('node:path');
  const home = surroundings.home ?? builtin('node:os').homedir();
  const cwd = surroundings.cwd ?? process.cwd();
  const at = (path: string) => resolve(cwd, path.startsWith('~/') ? join(home, path.slice(2)) : path);
  const files: (ConfigurationFile | undefined)[] = [];

  const explicit = options.configFile || options.config_file || (options.files === false ? undefined : variable(env, 'OVH_CONFIG'));
  if (explicit) files.push(readConfigurationFile('explicit', at(explicit)));
  if (Array.isArray(options.files)) {
    files.push(...options.files.map((path: string) => readConfigurationFile('listed', at(path))));
  } else if (options.files !== false) {
    const etc = surroundings.etc ?? '/etc';
    files.push(readConfigurationFile('local', resolve(cwd, 'ovh.conf')));
    files.push(readConfigurationFile('user', join(home, '.ovh.conf')));
    files.push(readConfigurationFile('system', join(etc, 'ovh.conf')));
    files.push(readConfigurationFile('retired', join(home, '.ovh.cfg')), readConfigurationFile('retired', join(etc, 'ovh.cfg')));
  }
  return { env, files: files.filter((file) => file !== undefined) };
}

/** Reads what is outside and resolves it: the configuration of this process. */
export function loadConfig(options: ConfigurationOptions = {}, surroundings: Surroundings = {}): Settings {
  return resolveConfiguration(options, readSources(options, surroundings));
}

/** What is at one place; undefined when nothing is there and nobody named it. */
function readConfigurationFile(kind: FileKind, path: string): ConfigurationFile | undefined {
  const { readFileSync, statSync } = builtin('node:fs');
  try {
    const status = statSync(path);
    if (status.isDirectory()) return kind === 'retired' ? undefined : { kind, path, text: undefined, problem: 'directory' };
    if (kind === 'retired') return { kind, path, text: undefined };
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
    return { kind, path, text, mode: process.platform === 'win32' ? undefined : status.mode & 0o777 };
  } catch (error) {
    return withoutText(kind, path, error);
  }
}

function withoutText(kind: FileKind, path: string, error: unknown): ConfigurationFile | undefined {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return kind === 'explicit' || kind === 'listed' ? { kind, path, text: undefined, problem: 'missing' } : undefined;
  }
  if (kind === 'retired') return undefined;
  if (code === 'EACCES' || code === 'EPERM') return { kind, path, text: undefined, problem: 'denied' };
  if (error instanceof TypeError) throw new ConfigurationError(`${path} is no UTF-8 text`);
  throw new ConfigurationError(`${path} cannot be read (${code ?? 'unknown reason'})`, error);
}
