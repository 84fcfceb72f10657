import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineLog, HandlerCall, HandlerOutcome, Program, ProgramPort } from '@fairlead/engine-cce';
import type { Clock } from '@fairlead/kernel/clock';
import { askExternType } from './extern-type.ts';
import { placeProgram } from './program-place.ts';
import { runProgram } from './run-program.ts';
import { type SlotOptions, Slots } from './slots.ts';

const EXTERN_TYPE_MS = 2000;
const LIMIT = 128;
const WAIT_MS = 10_000;

/** Where programs are found and what they are told. */
export interface ProgramOptions {
  /** `[cce] handler_dir`: relative paths are below it. */
  readonly handlerDir?: string | undefined;
  /** A folder of this service; the connections of programs get a private one below it. */
  readonly runDir: string;
  /** `CCE_SOCKET` of the programs: where they may open further connections. */
  readonly socket?: string | undefined;
  readonly clock: Clock;
  readonly log: EngineLog;
  /** Programs at a time, and the milliseconds that one waits for its turn; 128 and 10 s unless told. */
  readonly slots?: Pick<SlotOptions, 'limit' | 'waitMs'> | undefined;
}

/** Handlers, rules and types that are programs (cce 4.7), for the engine, which knows no process. */
export interface OpenProgramPort extends ProgramPort, AsyncDisposable {}

/** Makes the private folder of the connections; disposing kills what still runs. */
export async function openProgramPort(options: ProgramOptions): Promise<OpenProgramPort> {
  const { handlerDir, runDir, socket, clock, log } = options;
  await mkdir(runDir, { recursive: true, mode: 0o750 });
  const folder = await mkdtemp(join(runDir, 'cce-'));
  const slots = new Slots({ limit: LIMIT, waitMs: WAIT_MS, ...options.slots, clock });
  const closing = new AbortController();
  const withSlot = async <T>(program: Program, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> => {
    try {
      const until = AbortSignal.any([signal, closing.signal]);
      using slot = await slots.take(until);
      if (slot !== undefined) return await work(until);
      log.error({ program: program.path }, 'a program of the configuration engine was not started: too many run, or its time is over');
    } catch (error) {
      log.error({ program: program.path, error }, 'a program of the configuration engine could not be run');
    }
    return undefined;
  };
  return {
    run: async (program: Program, call: HandlerCall): Promise<HandlerOutcome> => {
      const outcome = await withSlot(program, call.signal, async (signal) =>
        runProgram(await placeProgram(program, handlerDir), { call, signal, folder, socket, log }),
      );
      return outcome ?? 'FAIL';
    },
    accepts: async (program, value, signal) => {
      const limit = new AbortController();
      const over = clock.sleep(EXTERN_TYPE_MS, limit.signal).then(
        () => limit.abort(),
        () => undefined,
      );
      const isFitting = await withSlot(program, AbortSignal.any([signal, limit.signal]), async (until) =>
        askExternType(await placeProgram(program, handlerDir), value, until),
      );
      limit.abort();
      await over;
      return isFitting ?? false;
    },
    [Symbol.asyncDispose]: async () => {
      closing.abort(new Error('the engine is closed'));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
