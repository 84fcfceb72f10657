import { randomBytes } from 'node:crypto';
import { chmod, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '@fairlead/kernel/log';
import { CceError } from '../../errors.ts';
import { decryptedLikeOpenssl, encryptedLikeOpenssl } from './openssl-file.ts';
import { createWholeFile, writeWholeFile } from './whole-file.ts';

const KEY_BYTES = 32;

/** `api-admin.passwd` and the `master.key` that opens it (cce 7.6): other programs of the machine read them with openssl. */
export class PasswordFile {
  readonly path: string;
  readonly #keyPath: string;
  readonly #log: Log;

  constructor(stateDir: string, log: Log) {
    this.path = join(stateDir, 'api-admin.passwd');
    this.#keyPath = join(stateDir, 'master.key');
    this.#log = log;
  }

  async write(password: string): Promise<void> {
    await writeWholeFile(this.path, await encryptedLikeOpenssl(password, await this.#masterKey()));
  }

  /** The password, or undefined when there is no file. Throws `CCE_API_ADMIN_FILE`. */
  async read(): Promise<string | undefined> {
    const file = await present(this.path);
    if (file === undefined) return undefined;
    try {
      return (await decryptedLikeOpenssl(file, await this.#masterKey())).trim();
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw CceError('CCE_API_ADMIN_FILE', { path: this.path, reason: cause.message }, { cause });
    }
  }

  /** Made when it is missing; two that do so at once agree on one. */
  async #masterKey(): Promise<string> {
    const found = await this.#readKey();
    if (found !== undefined) return found;
    const isMade = await createWholeFile(this.#keyPath, `${randomBytes(KEY_BYTES).toString('base64')}\n`);
    if (isMade) this.#log.info({ path: this.#keyPath }, 'made a master key');
    return (await this.#readKey()) ?? '';
  }

  async #readKey(): Promise<string | undefined> {
    const text = (await present(this.#keyPath))?.toString('utf8').trim();
    if (text === undefined) return undefined;
    if (text === '') throw new RangeError(`${this.#keyPath} is empty`);
    if (((await stat(this.#keyPath)).mode & 0o077) !== 0) {
      await chmod(this.#keyPath, 0o600);
      this.#log.warn({ path: this.#keyPath }, 'the master key could be read by other users; it no longer can, but it may be known');
    }
    return text;
  }
}

async function present(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
