import { serveCscp } from '@fairlead/cscp';
import type { EngineLog, HandlerCall, HandlerOutcome } from '@fairlead/engine-cce';
import { watchBye } from './bye-watch.ts';
import { startChild } from './child.ts';
import { lastingStream } from './lasting-stream.ts';
import type { ProgramPlace } from './program-place.ts';
import { socketPair } from './socket-pair.ts';
import { logStderr } from './stderr-log.ts';

export interface RunOptions {
  readonly call: HandlerCall;
  readonly signal: AbortSignal;
  /** Private: for the connection to the program. */
  readonly folder: string;
  readonly socket: string | undefined;
  readonly log: EngineLog;
}

/**
 * Runs a handler or a rule, which speaks CSCP over its standard input and output (cce 4.7). Its BYE counts once it has ended with exit code 0; no BYE,
 * another exit code or the end of its time is FAIL.
 */
export async function runProgram(place: ProgramPlace, options: RunOptions): Promise<HandlerOutcome> {
  const { call, signal, folder, socket, log } = options;
  const program = place.args.at(-1) ?? place.command;
  const { ours, theirs } = await socketPair(folder);
  const watched = watchBye(call.connection);
  const env = { CCE_EVENTS: call.connection.greeting().events.join(' '), ...(socket !== undefined && { CCE_SOCKET: socket }) };
  using child = startChild({ place, stdio: [theirs, theirs, 'pipe'], env, signal });
  theirs.destroy();
  if (child.process.stderr) logStderr(child.process.stderr, program, log);
  const onError = (error: unknown) => log.error({ program, error }, 'a command of a program could not be carried out');
  try {
    const [code] = await Promise.all([child.ended, serveCscp(lastingStream(ours), watched.connection, { signal, onError })]);
    if (signal.aborted) log.warn({ program }, 'a program of the configuration engine was killed: its time is over');
    else if (code !== 0) log.warn({ program, code }, 'a program of the configuration engine ended with an error');
    return signal.aborted || code !== 0 ? 'FAIL' : (watched.flag() ?? 'FAIL');
  } catch (error) {
    child.kill();
    throw error;
  } finally {
    ours.destroy();
  }
}
