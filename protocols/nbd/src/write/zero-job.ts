import { NBD_CMD_FLAG_NO_HOLE, NBD_CMD_WRITE_ZEROES, NBD_ENOTSUP, NBD_FLAG_SEND_WRITE_ZEROES } from '../codec/wire.ts';
import { NbdError } from '../error.ts';
import { alignDown, alignUp } from '../limits.ts';
import { ZEROES } from '../read/zeroes.ts';
import type { Target } from './read-modify-write.ts';
import { runCommand } from './run-command.ts';
import { type WriteChoice, writeChunks } from './write-job.ts';

/** One WRITE_ZEROES covers at most this much, so that progress shows and cancelling is quick (imageio 8.5). */
const ZERO_STEP = 128 * 1024 * 1024;

/** Choices of zeroing. */
export interface ZeroChoice extends WriteChoice {
  readonly punchHole?: boolean | undefined;
}

/** Makes a range read as zeroes. See `NbdClient.zero`. */
export async function zeroRange(
  target: Target,
  flags: number,
  range: { offset: number; length: number },
  choice: ZeroChoice,
): Promise<void> {
  const { align } = target.shape;
  const end = range.offset + range.length;
  const first = Math.min(alignUp(range.offset, align), end);
  const last = Math.max(alignDown(end, align), first);
  const zeroing = new Zeroing(target, (flags & NBD_FLAG_SEND_WRITE_ZEROES) !== 0, choice);
  await zeroing.byWriting(range.offset, first);
  for (let at = first; at < last; ) {
    const stop = Math.min(last, at + ZERO_STEP);
    await zeroing.step(at, stop);
    at = stop;
  }
  await zeroing.byWriting(last, end);
}

class Zeroing {
  readonly #target: Target;
  readonly #choice: ZeroChoice;
  #supported: boolean;
  #done = 0;

  constructor(target: Target, supported: boolean, choice: ZeroChoice) {
    this.#target = target;
    this.#supported = supported;
    this.#choice = choice;
  }

  async step(at: number, stop: number): Promise<void> {
    if (this.#supported && (await this.#byCommand(at, stop))) return;
    await this.byWriting(at, stop);
  }

  /** False if the server turns out not to support it after all. */
  async #byCommand(at: number, stop: number): Promise<boolean> {
    const flags = this.#choice.punchHole === false ? NBD_CMD_FLAG_NO_HOLE : 0;
    try {
      const head = { type: NBD_CMD_WRITE_ZEROES, offset: at, length: stop - at, flags };
      await runCommand(this.#target.connection, head, undefined, this.#choice.signal);
    } catch (error) {
      if (!(error instanceof NbdError) || error.errno !== NBD_ENOTSUP) throw error;
      this.#supported = false;
      return false;
    }
    this.#done += stop - at;
    this.#choice.onProgress?.(this.#done);
    return true;
  }

  async byWriting(at: number, stop: number): Promise<void> {
    const before = this.#done;
    const onProgress = (bytes: number) => {
      this.#done = before + bytes;
      this.#choice.onProgress?.(this.#done);
    };
    if (at < stop) await writeChunks(this.#target, at, zeroes(stop - at), { signal: this.#choice.signal, onProgress });
  }
}

function zeroes(length: number): Buffer[] {
  const chunks = new Array<Buffer>(Math.floor(length / ZEROES.length)).fill(ZEROES);
  const rest = length % ZEROES.length;
  return rest === 0 ? chunks : [...chunks, ZEROES.subarray(0, rest)];
}
