import { decodeJson, encodeJson } from '../../codec/json.ts';
import { ConfigurationError } from '../../errors/errors.ts';
import { replaceFile } from '../../files/replace-file.ts';
import { builtin } from '../../platform.ts';
import { asRow, memberOf, numberOf } from '../map/values.ts';
import type { CacheEntry, InventoryCache } from '../options.ts';
import { type CacheOptions, MemoryCache } from './memory-cache.ts';

const FORMAT_MEMBER = 'ovhInventoryCache';
const FORMAT = 1;
const LONGEST_FILE = 256 * 1024 * 1024;
/** After so many new entries the file is written, so that not everything is lost with the process. */
const WRITE_EVERY = 200;

/**
 * A cache in a file that its owner alone may read: `await using cache = await FileCache.open(path)`. It is written as a whole at
 * the end, and now and then before.
 */
export class FileCache implements InventoryCache, AsyncDisposable {
  readonly #path: string;
  readonly #memory: MemoryCache;
  #unwritten = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, options: CacheOptions) {
    this.#path = path;
    this.#memory = new MemoryCache(options);
  }

  /** Throws ConfigurationError for a file that cannot be read, and for one that is something else: it is not overwritten. */
  static async open(path: string, options: CacheOptions = {}): Promise<FileCache> {
    const cache = new FileCache(path, options);
    const text = await textAt(path);
    const entries = text === '' ? [] : entriesIn(text);
    if (entries === undefined) throw new ConfigurationError(`${path} is no cache of an inventory, and is left as it is`);
    for (const [key, entry] of entries) cache.#memory.set(key, entry);
    return cache;
  }

  get(key: string): CacheEntry | undefined {
    return this.#memory.get(key);
  }

  async set(key: string, entry: CacheEntry): Promise<void> {
    this.#memory.set(key, entry);
    this.#unwritten += 1;
    if (this.#unwritten % WRITE_EVERY === 0) await this.flush();
  }

  /** Forgets everything, in the file from the next write on. */
  clear(): void {
    this.#memory.clear();
    this.#unwritten += 1;
  }

  /** Writes what is new. Throws ConfigurationError when that is not possible. */
  flush(): Promise<void> {
    this.#writing = this.#writing.catch(() => undefined).then(() => this.#write());
    return this.#writing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.flush();
  }

  async #write(): Promise<void> {
    if (this.#unwritten === 0) return;
    const count = this.#unwritten;
    const text = encodeJson({ [FORMAT_MEMBER]: FORMAT, entries: Object.fromEntries(this.#memory.entries()) });
    try {
      await builtin('node:fs/promises').mkdir(builtin('node:path').dirname(this.#path), { recursive: true, mode: 0o700 });
      await replaceFile(this.#path, text);
    } catch (error) {
      throw new ConfigurationError(`the cache ${this.#path} cannot be written (${reasonOf(error)})`, error);
    }
    this.#unwritten -= count;
  }
}

async function textAt(path: string): Promise<string> {
  try {
    await using handle = await builtin('node:fs/promises').open(path, 'r');
    const { size } = await handle.stat();
    if (size > LONGEST_FILE) throw new ConfigurationError(`the cache ${path} is larger than ${LONGEST_FILE} bytes: delete it`);
    return await handle.readFile('utf8');
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    if (reasonOf(error) === 'ENOENT') return '';
    throw new ConfigurationError(`the cache ${path} cannot be read (${reasonOf(error)})`, error);
  }
}

/** None of another version's cache; `undefined` for what is none at all. */
function entriesIn(text: string): [string, CacheEntry][] | undefined {
  const value = parsed(text);
  const [format, entries] = [numberOf(value, FORMAT_MEMBER), asRow(memberOf(value, 'entries'))];
  if (format === undefined || entries === undefined) return undefined;
  if (format !== FORMAT) return [];
  return Object.entries(entries).flatMap(([key, entry]): [string, CacheEntry][] => {
    const [readAt, answers] = [numberOf(entry, 'readAt'), asRow(memberOf(entry, 'answers'))];
    return readAt === undefined || answers === undefined ? [] : [[key, { readAt, answers }]];
  });
}

function parsed(text: string): unknown {
  try {
    return decodeJson(text, 'number');
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown reason';
}
