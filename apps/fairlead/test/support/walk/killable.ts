import { writeFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '@fairlead/testkit/until';
import { type Serving, serve } from '../serve.ts';
import { type Order, STEPS_FOLDER } from './steps.ts';

const STEPPER = fileURLToPath(new URL('stepper.ts', import.meta.url));

/** Two lives may begin in that time, on a machine that is busy. */
const UP_MS = 60_000;

/** `fairlead serve` that can be told at which step to die, and that somebody starts again whenever it has died. */
export class Killable implements AsyncDisposable {
  readonly #config: string;
  readonly #folder: string;
  #serving: Serving | undefined;
  #starting: Promise<void> = Promise.resolve();
  #isOver = false;
  #orders = 0;
  #next: string | undefined;
  /** Whether this life is told to die. */
  #isOrdered = false;
  /** Whether somebody starts it again when it has died. */
  isRevived = true;
  /** How often it has died. */
  deaths = 0;

  private constructor(config: string, folder: string) {
    this.#config = config;
    this.#folder = folder;
  }

  static async start(config: string, folder: string): Promise<Killable> {
    await mkdir(folder, { recursive: true });
    const killable = new Killable(config, folder);
    await killable.#start();
    return killable;
  }

  /** URL of each face. */
  get addresses(): Readonly<Record<string, string>> {
    return this.#serving?.addresses ?? {};
  }

  get pid(): number {
    return this.#serving?.cli.pid ?? 0;
  }

  /** Waits until it serves. */
  async up(): Promise<void> {
    const serves = async () => {
      const before = this.deaths;
      await this.#starting;
      return before === this.deaths && !this.isDead;
    };
    await until(serves, { timeoutMs: UP_MS, what: 'a program that was killed to be up again' });
  }

  /** From now on steps are noted, and it dies at this one (`before …`, `after …`); its next life, if so ordered, at another one. */
  async order(at?: string, count = 1, next?: string): Promise<void> {
    this.#orders += 1;
    this.#next = next;
    this.#isOrdered = at !== undefined;
    const order: Order = { id: String(this.#orders), ...(at !== undefined && { at, count }) };
    const file = join(this.#folder, 'order');
    await writeFile(`${file}.new`, JSON.stringify(order));
    await rename(`${file}.new`, file);
  }

  /** The moments that have passed since the last order. */
  async steps(): Promise<string[]> {
    const text = await readFile(join(this.#folder, `steps-${this.#orders}`), 'utf8').catch(() => '');
    return text.split('\n').filter((line) => line !== '');
  }

  /** Dies at no step any more. */
  async calm(): Promise<void> {
    await rm(join(this.#folder, 'order'), { force: true });
  }

  get isDead(): boolean {
    return this.#serving?.cli.isOver === true;
  }

  /** Starts it again if it is dead; from now on that happens whenever it dies. */
  async revive(): Promise<void> {
    this.isRevived = true;
    if (this.isDead) this.#startAgain();
    await this.up();
  }

  kill(): void {
    this.#serving?.cli.signal('SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#starting.catch(() => undefined);
    await this.#serving?.[Symbol.asyncDispose]();
  }

  #startAgain(): void {
    this.#starting = this.#start();
    this.#starting.catch(() => undefined);
  }

  async #start(): Promise<void> {
    const env = { [STEPS_FOLDER]: this.#folder, NODE_COMPILE_CACHE: join(this.#folder, '..', 'compiled') };
    const isOrdered = this.#isOrdered;
    try {
      this.#serving = await serve(this.#config, env, { node: ['--import', STEPPER] });
    } catch (error) {
      // Only one that was told to die may do so before it serves.
      if (!isOrdered || this.#isOver) throw error;
      this.#noteDeath();
      return await this.#start();
    }
    const { cli } = this.#serving;
    // What was compiled is there for the next life, which this one's sudden end would prevent.
    cli.signal('SIGUSR2');
    void cli.ended.then(() => {
      if (this.#isOver) return;
      this.#noteDeath();
      if (this.isRevived) this.#startAgain();
    });
  }

  /** Dead once is enough: the next life is not to end at the same step, but at another one if that was ordered. */
  #noteDeath(): void {
    this.deaths += 1;
    const order = this.#next === undefined ? {} : { id: `${this.#orders}-next`, at: this.#next, count: 1 };
    this.#isOrdered = this.#next !== undefined;
    this.#next = undefined;
    writeFileSync(join(this.#folder, 'order'), JSON.stringify(order));
  }
}
