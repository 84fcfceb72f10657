import { ConfigurationError, TimeSyncError } from '../errors/errors.ts';
import type { Clock } from './clock.ts';
import { SingleFlight } from './single-flight.ts';

export interface ServerClockOptions {
  readonly clock: Clock;
  /** Asks the server for its Unix time; `durationMs` is that of the one attempt that was answered. */
  readonly fetchTime: (signal: AbortSignal) => Promise<TimeAnswer>;
  /** Fixes the difference, in seconds; no time is fetched then. 0 counts. */
  readonly timeDelta?: number | undefined;
  /** `false`: the local clock is believed. */
  readonly timeSync?: boolean | undefined;
  /** How long a difference is believed, in ms. Default one hour. */
  readonly timeTtlMs?: number | undefined;
}

interface TimeAnswer {
  readonly data: unknown;
  readonly durationMs: number;
}

/** What was measured, and when by both clocks. */
interface Measured {
  readonly deltaMs: number;
  readonly wall: number;
  readonly monotonic: number;
}

const DEFAULT_TTL_MS = 3_600_000;
/** The wall clock went another way than time itself: the machine slept, or somebody set the clock (spec 3.7). */
const JUMP_MS = 2000;

/** The server's clock, as far as we know it (spec 3.7). */
export class ServerClock {
  readonly #options: ServerClockOptions;
  readonly #flight: SingleFlight<Measured>;
  #measured: Measured | undefined;

  /** Throws ConfigurationError for a difference that no clock has. */
  constructor(options: ServerClockOptions) {
    if (options.timeDelta !== undefined && !Number.isFinite(options.timeDelta)) {
      throw new ConfigurationError('timeDelta is no number of seconds');
    }
    this.#options = options;
    this.#flight = new SingleFlight((signal) => this.#measure(signal));
  }

  /** Server minus local, in ms. Fetches the time at most once for all who ask at once. */
  async delta(signal: AbortSignal): Promise<number> {
    const { timeDelta, timeSync } = this.#options;
    if (timeDelta !== undefined) return timeDelta * 1000;
    if (timeSync === false) return 0;
    const known = this.#known();
    return (known ?? (await this.#flight.run(signal))).deltaMs;
  }

  /** The server's Unix time in seconds, for a difference that delta() gave. */
  timestamp(deltaMs: number): number {
    return Math.floor((this.#options.clock.now() + deltaMs) / 1000);
  }

  /** Forgets a difference that the server did not accept; a newer one is kept. */
  reject(deltaMs: number): void {
    if (this.#measured?.deltaMs === deltaMs) this.#measured = undefined;
  }

  /** False where a fetch could not change anything. */
  get adjustable(): boolean {
    return this.#options.timeDelta === undefined && this.#options.timeSync !== false;
  }

  #known(): Measured | undefined {
    const known = this.#measured;
    if (known === undefined) return undefined;
    const { clock, timeTtlMs } = this.#options;
    const passed = clock.monotonic() - known.monotonic;
    const jumped = Math.abs(clock.now() - known.wall - passed) > JUMP_MS;
    return jumped || passed >= (timeTtlMs ?? DEFAULT_TTL_MS) ? undefined : known;
  }

  async #measure(signal: AbortSignal): Promise<Measured> {
    const { clock } = this.#options;
    const { seconds, durationMs } = await this.#fetched(signal);
    const wall = clock.now();
    // The answer is a whole second: on average half of the next one has passed. It was made halfway, as far as one can know;
    // what was waited before (a place, other attempts) says nothing about the clocks.
    const deltaMs = seconds * 1000 + 500 - (wall - durationMs / 2);
    this.#measured = { deltaMs, wall, monotonic: clock.monotonic() };
    return this.#measured;
  }

  async #fetched(signal: AbortSignal): Promise<{ readonly seconds: number; readonly durationMs: number }> {
    let answer: TimeAnswer;
    try {
      answer = await this.#options.fetchTime(signal);
    } catch (error) {
      signal.throwIfAborted();
      throw new TimeSyncError(`Unable to fetch OVH API time: ${(error as Error).message}`, error);
    }
    const { data: seconds, durationMs } = answer;
    if (typeof seconds === 'number' && Number.isSafeInteger(seconds) && seconds >= 0) return { seconds, durationMs };
    throw new TimeSyncError('Unable to fetch OVH API time: the answer of /auth/time is no integer');
  }
}
