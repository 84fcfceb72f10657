import { randomInt } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { Beat } from './beat.ts';
import { type FuzzPlan, type FuzzRecord, readPlan } from './plan.ts';

export interface FuzzOptions {
  /** How many inputs this target gets beside the others: 1 is a hundred in a test run, 3 and more three hundred. Cheap parsers take more, costly ones less. */
  readonly share?: number;
  /** Fails a run in which `property` gave true for no input: where all is refused, nothing is proven about what is accepted. */
  readonly someAccepted?: boolean;
}

/** Throws for an input that breaks it; may give true for one that was accepted. */
export type FuzzProperty<T> = (input: T) => unknown;

/** Inputs of a test run for a share of 1. */
const RUNS = 100;
/** A test run takes no more of any target, whatever its share: it shall pass on a busy machine in time. */
const MOST_IN_A_TEST = 300;
/** Inputs of one seed; between two seeds the process answers whoever looks after it. */
const CHUNK = 1000;
/** Inputs between two looks at the memory; a slow input is looked at at once. */
const LOOK = 64;
const SLOW_MS = 20;

/**
 * The one door of tests with made-up inputs: runs `property` with inputs of `inputs` and rejects with the smallest that it refuses, seed and path
 * included. `./dev fuzz` runs the same target with many more. `name` is unique in the project and begins with the package: `nbd.replies`.
 */
export async function fuzz<T>(
  name: string,
  inputs: fc.Arbitrary<T>,
  property: FuzzProperty<T>,
  { share = 1, someAccepted = false }: FuzzOptions = {},
): Promise<void> {
  const plan = readPlan();
  if (plan.only !== undefined && plan.only !== name) return;
  const runs = Math.max(1, Math.round(share * RUNS));
  const target = new Target(name, runs, plan);
  try {
    await target.run(inputs, property);
    if (someAccepted) target.requireAccepted();
  } finally {
    target.tell();
  }
}

/**
 * A check for a parser: returns what `read` gives, or undefined when it refuses with one of the codes. Anything else that it throws goes on.
 */
export function refusedWith<T>(codes: RegExp, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.test(error.code)) return undefined;
    throw error;
  }
}

/** The test file among the callers. */
function testFile(stack: string): string | undefined {
  return /(\/[^():\n]+\.test\.ts):\d+:\d+/.exec(stack)?.[1];
}

class Target {
  readonly #name: string;
  readonly #runs: number;
  readonly #plan: FuzzPlan;
  readonly #begin = performance.now();
  readonly #file = testFile(new Error().stack ?? '');
  #inputs = 0;
  #accepted = 0;
  #worstMs = 0;
  #peakBytes = 0;
  #failure: string | undefined;

  constructor(name: string, runs: number, plan: FuzzPlan) {
    this.#name = name;
    this.#runs = runs;
    this.#plan = plan;
  }

  async run<T>(inputs: fc.Arbitrary<T>, property: FuzzProperty<T>): Promise<void> {
    const { seed = randomInt(2 ** 31), path, beat: file } = this.#plan;
    using beat = file === undefined ? undefined : new Beat(file, this.#name);
    const wanted = path === undefined ? this.#wanted() : 1;
    for (let done = 0; done < wanted; done += CHUNK) {
      const chunk = { seed: (seed + done / CHUNK) | 0, numRuns: Math.min(CHUNK, wanted - done), ...(path !== undefined && { path }) };
      let index = 0;
      const measured = fc.asyncProperty(inputs, async (input) => {
        beat?.at(chunk.seed, index);
        index += 1;
        await this.#measure(() => property(input));
      });
      this.#judge(await fc.check(measured, chunk));
      await setImmediate();
    }
  }

  #wanted(): number {
    const { times } = this.#plan;
    return times === undefined ? Math.min(this.#runs, MOST_IN_A_TEST) : Math.ceil(this.#runs * times);
  }

  requireAccepted(): void {
    if (this.#accepted > 0 || this.#inputs < RUNS) return;
    this.#failure = `none of ${this.#inputs} inputs was accepted`;
    throw new Error(this.#failure);
  }

  /** Appends what was run to the report of the plan. */
  tell(): void {
    if (this.#plan.report === undefined) return;
    const record: FuzzRecord = {
      name: this.#name,
      runs: this.#runs,
      inputs: this.#inputs,
      seconds: (performance.now() - this.#begin) / 1000,
      worstMs: this.#worstMs,
      peakBytes: this.#peakBytes,
      ...(this.#file !== undefined && { file: this.#file }),
      ...(this.#failure !== undefined && { failure: this.#failure }),
    };
    appendFileSync(this.#plan.report, `${JSON.stringify(record)}\n`);
  }

  async #measure(property: () => unknown): Promise<void> {
    const begin = performance.now();
    this.#inputs += 1;
    try {
      if ((await property()) === true) this.#accepted += 1;
    } catch (error) {
      if (fc.PreconditionFailure.isFailure(error)) this.#inputs -= 1;
      throw error;
    } finally {
      const ms = performance.now() - begin;
      this.#worstMs = Math.max(this.#worstMs, ms);
      if (ms > SLOW_MS || this.#inputs % LOOK === 0) this.#look();
    }
  }

  #look(): void {
    const { heapUsed, external } = process.memoryUsage();
    this.#peakBytes = Math.max(this.#peakBytes, heapUsed + external);
  }

  #judge<T>(details: fc.RunDetails<T>): void {
    if (!details.failed) return;
    const repeat = `./dev fuzz --seed ${details.seed} --path ${details.counterexamplePath} ${this.#name}`;
    const { errorInstance: cause } = details;
    const why = cause instanceof Error ? cause.stack : String(cause);
    this.#failure = `${fc.defaultReportMessage(details)}\n${why}\nRepeat it with: ${repeat}`;
    throw new Error(this.#failure, { cause });
  }
}
