import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/** Which input a process was at: enough to repeat it when the process cannot tell any more. */
export interface FuzzBeat {
  readonly name: string;
  readonly seed: number;
  /** Its place among the inputs of the seed, from 0. */
  readonly index: number;
  /** Grows by one with each input. */
  readonly count: number;
}

const HEAD = 12;

/** Writes the place of each input into a file before it is run; one small write, so that even a killed process has told. */
export class Beat {
  readonly #file: number;
  readonly #head = Buffer.alloc(HEAD);
  #count = 0;

  constructor(path: string, name: string) {
    this.#file = openSync(path, 'w');
    writeSync(this.#file, Buffer.concat([this.#head, Buffer.from(name)]), 0);
  }

  at(seed: number, index: number): void {
    this.#count += 1;
    this.#head.writeInt32LE(seed, 0);
    this.#head.writeUInt32LE(index, 4);
    this.#head.writeUInt32LE(this.#count, 8);
    writeSync(this.#file, this.#head, 0, HEAD, 0);
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}

/** Reads what `fuzz` wrote last, or undefined when it has not come so far. */
export function readBeat(path: string): FuzzBeat | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return undefined;
  }
  if (bytes.length < HEAD) return undefined;
  return { name: bytes.toString('utf8', HEAD), seed: bytes.readInt32LE(0), index: bytes.readUInt32LE(4), count: bytes.readUInt32LE(8) };
}
