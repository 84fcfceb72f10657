import type { HandlerCall, HandlerOutcome } from './handler.ts';

/** Runs what is outside of this process: the bridge fills it (design 11), so that the engine knows no wire and no process. */
export interface ProgramPort {
  /** A handler or a rule: speaks CSCP over its standard input and output on the connection of the call, until BYE. The port kills it when the signal ends. */
  run(program: Program, call: HandlerCall): Promise<HandlerOutcome>;
  /** An `extern` type: the value on standard input, exit code 0 says that it fits. At most 2 s. */
  accepts(program: Program, value: string, signal: AbortSignal): Promise<boolean>;
}

export interface Program {
  readonly type: 'exec' | 'perl';
  /** As in the file: absolute, or below the directory of handlers. */
  readonly path: string;
}
