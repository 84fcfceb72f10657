import { statSync } from 'node:fs';
import { chmod, readFile, stat } from 'node:fs/promises';
import type { Clock } from '@fairlead/kernel/clock';
import { newAlphanumeric } from '@fairlead/kernel/ids';
import type { Log } from '@fairlead/kernel/log';
import { CceError } from '../../errors.ts';
import { type AccessEntry, isEverything, type ListedNetwork, listedNetwork, narrowestOf, networkText } from './access-entry.ts';
import { changedAccessText, readAccessText } from './access-text.ts';
import { BoundedMap } from './bounded-map.ts';
import { writeWholeFile } from './whole-file.ts';

export interface AccessFileOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Of the configuration, what may change while the gateway runs. */
export interface AccessSettings {
  readonly api_access: readonly string[];
  readonly allow_any: boolean;
  readonly keep_revoked: boolean;
}

/** Where an address stands. */
export interface AccessMatch {
  /** Of the narrowest entry of `api_access` that holds the address. */
  readonly network: string;
  /** Its line; absent when the file has none, and then no secret is right. */
  readonly entry: AccessEntry | undefined;
}

const SECRET_LENGTH = 32;
const MAX_BYTES = 1_048_576;
const REMEMBERED = 1000;
/** Another gateway or a person may write at the same moment; then the file is read again. */
const ROUNDS = 5;

/** The file `access`: which address has which secret (cce 7.4). */
export class AccessFile {
  readonly #options: AccessFileOptions;
  #listed: readonly ListedNetwork[] = [];
  /** Which of them holds an address that asked before. */
  #networks = new BoundedMap<string, ListedNetwork>(REMEMBERED);
  #entries: ReadonlyMap<string, AccessEntry> = new Map();
  /** Of the file as it was read. */
  #stamp = '';

  constructor(options: AccessFileOptions) {
    this.#options = options;
  }

  /** Takes another `api_access`: new entries get a line with a secret, lines of former ones go; answers which those were. Throws `CCE_ACCESS_FILE`. */
  async list(settings: AccessSettings): Promise<readonly string[]> {
    const networks = new Set(settings.api_access.flatMap((text) => this.#accepted(text, settings.allow_any)));
    try {
      await this.#bringInLine(networks, settings.keep_revoked);
    } catch (cause) {
      throw CceError('CCE_ACCESS_FILE', { path: this.#options.path, reason: reasonOf(cause) }, { cause });
    }
    const former = this.#listed.map((one) => one.network).filter((network) => !networks.has(network));
    this.#listed = [...networks].map(listedNetwork);
    this.#networks = new BoundedMap(REMEMBERED);
    this.#stamp = '';
    await this.#look();
    return former;
  }

  /** Whether an entry of `api_access` holds the address. */
  lists(address: string): boolean {
    return this.#narrowest(address) !== undefined;
  }

  /** The entry that decides for the address; the file is read anew when it was changed. */
  async find(address: string): Promise<AccessMatch | undefined> {
    await this.#look();
    const found = this.#narrowest(address);
    return found && { network: found.network, entry: this.#entries.get(found.network) };
  }

  #narrowest(address: string): ListedNetwork | undefined {
    const known = this.#networks.get(address);
    if (known !== undefined) return known;
    const found = narrowestOf(this.#listed, address);
    if (found !== undefined) this.#networks.set(address, found);
    return found;
  }

  #accepted(text: string, allowAny: boolean): string[] {
    const { log } = this.#options;
    const network = networkText(text);
    if (network === undefined) log.warn({ entry: text }, '[cce] api_access has an entry that is no address or network; it is ignored');
    else if (isEverything(network) && !allowAny) {
      log.warn({ entry: text }, '[cce] api_access has an entry for every address; it is ignored without allow_any = true');
    } else return [network];
    return [];
  }

  async #bringInLine(wanted: ReadonlySet<string>, keepRevoked: boolean): Promise<void> {
    const { path, clock, log } = this.#options;
    const keepAs = keepRevoked ? new Date(clock.now()).toISOString().slice(0, 10) : undefined;
    for (let round = 0; round < ROUNDS; round++) {
      const stamp = this.#stampOf();
      const before = await this.#read();
      const text = changedAccessText(before ?? '', { wanted, keepAs, newSecret: () => newAlphanumeric(SECRET_LENGTH) });
      if (text === before) return await this.#close();
      const isCurrent = async () => this.#stampOf() === stamp;
      if (!(await writeWholeFile(path, text, isCurrent))) continue;
      log.info({ path, entries: wanted.size }, 'ACCESS FILE written');
      return;
    }
    throw new Error('others keep writing it');
  }

  /** Secrets are for the owner of the file alone. */
  async #close(): Promise<void> {
    const { path, log } = this.#options;
    if (((await stat(path)).mode & 0o077) === 0) return;
    await chmod(path, 0o600);
    log.warn({ path }, 'the file access could be read by other users; it no longer can, but its secrets may be known');
  }

  async #look(): Promise<void> {
    const stamp = this.#stampNow();
    if (stamp === this.#stamp) return;
    const isFirst = this.#stamp === '';
    this.#stamp = stamp;
    const { path, log } = this.#options;
    try {
      const { entries, ignored } = readAccessText((await this.#read()) ?? '');
      // Who has looked later has read what is newer.
      if (this.#stamp !== stamp) return;
      this.#entries = entries;
      if (ignored.length > 0)
        log.warn({ path, lines: ignored }, 'the file access has lines that are not understood or come twice; they open nothing');
      if (!isFirst) log.info({ path, entries: entries.size }, 'ACCESS FILE changed');
    } catch (error) {
      // Nobody gets in by a secret that may have been revoked meanwhile.
      this.#entries = new Map();
      log.error({ err: error, path }, 'the file access cannot be read: no other machine gets in');
    }
  }

  /** At once: every request of another machine looks, and a round through the pool of threads takes far longer than the look. */
  #stampOf(): string {
    const found = statSync(this.#options.path, { bigint: true, throwIfNoEntry: false });
    return found === undefined ? 'missing' : `${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`;
  }

  #stampNow(): string {
    try {
      return this.#stampOf();
    } catch {
      return 'unreadable';
    }
  }

  async #read(): Promise<string | undefined> {
    try {
      const found = await stat(this.#options.path);
      // A pipe would be read for ever.
      if (!found.isFile()) throw new RangeError('it is no file');
      if (found.size > MAX_BYTES) throw new RangeError(`more than ${MAX_BYTES} bytes`);
      return await readFile(this.#options.path, 'utf8');
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  return error instanceof Error ? error.message : 'unknown';
}
