import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Canary {
  readonly name: string;
  /** The secret and what it looks like in other clothes. */
  readonly forms: readonly Buffer[];
}

/** Secrets that were planted, and the search for them. What is found is named, with the place and what stands around it. */
export class Canaries {
  readonly #planted = new Map<string, Canary>();

  /** A new secret; letters and digits, so that no codec changes it. */
  make(name: string): string {
    return this.plant(name, `Kanari${name.replaceAll(/\W/g, '')}${randomBytes(12).toString('hex')}`);
  }

  /** A secret that somebody else made: a token, a ticket. */
  plant(name: string, secret: string): string {
    if (secret.length < 12) throw new TypeError(`${name} is too short to be looked for`);
    this.#planted.set(name, { name, forms: formsOf(secret) });
    return secret;
  }

  /** Those that stand in a text or bytes, each with its surroundings. */
  in(where: string, content: string | Buffer, except: readonly string[] = []): string[] {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    return [...this.#planted.values()].flatMap(({ name, forms }) => {
      const at = forms.map((form) => bytes.indexOf(form)).find((index) => index >= 0);
      if (at === undefined || except.includes(name)) return [];
      const around = bytes.subarray(Math.max(0, at - 120), at + 60).toString('latin1');
      return [`${name} in ${where}: …${around.replaceAll(/[^ -~]+/g, ' ')}…`];
    });
  }

  /** All files below a folder, but those whose path a pattern fits. */
  async inFiles(folder: string, except: RegExp): Promise<string[]> {
    const found: string[] = [];
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || except.test(path)) continue;
      found.push(...this.in(path, await readFile(path)));
    }
    return found;
  }
}

/** As it is, backwards readable in base64 at each of its three places, and in hexadecimal digits. */
function formsOf(secret: string): Buffer[] {
  const encoded = [0, 1, 2].map((shift) => {
    const text = Buffer.from(' '.repeat(shift) + secret).toString('base64');
    // The first and last characters hang on what stands beside.
    return text.slice(shift === 0 ? 0 : 4, -4);
  });
  return [secret, ...encoded, Buffer.from(secret).toString('hex')].map((form) => Buffer.from(form));
}
