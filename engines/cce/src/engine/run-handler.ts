import type { HandlerCall, HandlerOutcome } from '../handlers/handler.ts';
import type { Run } from './dispatch.ts';
import { EngineConnection } from './engine-connection.ts';
import { oidText } from './identity.ts';
import type { Cleanup } from './level.ts';

/** Runs one handler until it ends, its time is used up, or the caller is gone; whatever else happens is FAIL (cce 4.3, 4.7). */
export async function runHandler(run: Run, { binding, events }: Cleanup, context: 'HANDLER' | 'ROLLBACK'): Promise<HandlerOutcome> {
  const { core, level } = run;
  const { transaction } = level;
  transaction.handlersStarted = true;
  const stop = new AbortController();
  const connection = new EngineConnection({
    core,
    context,
    identity: { ...transaction.caller, admin: true },
    peer: 'handler',
    ground: level,
    events,
  });
  const call: HandlerCall = {
    events,
    connection,
    callerOid: oidText(transaction.caller),
    signal: AbortSignal.any([stop.signal, run.signal]),
  };
  try {
    return await inTime(run, stop, () => start(run, binding.handler, call));
  } catch (error) {
    if (!run.signal.aborted) core.log.error({ err: error, handler: binding.handler.path }, 'a handler broke off');
    return 'FAIL';
  } finally {
    stop.abort();
    await connection[Symbol.asyncDispose]();
  }
}

/** A handler that does not hear the signal is left behind: its connection is closed, so that it changes nothing more. */
async function inTime(run: Run, stop: AbortController, work: () => Promise<HandlerOutcome>): Promise<HandlerOutcome> {
  const done = new AbortController();
  const limit = run.core.clock
    .sleep(run.core.options.handlerTimeoutMs, AbortSignal.any([done.signal, run.signal]))
    .then((): HandlerOutcome => {
      run.core.log.warn({ ms: run.core.options.handlerTimeoutMs }, 'a handler took too long');
      stop.abort(new Error('The time of the handler is used up'));
      return 'FAIL';
    });
  try {
    return await Promise.race([work(), limit]);
  } finally {
    done.abort();
  }
}

async function start(
  { core }: Run,
  { type, path }: { readonly type: 'exec' | 'perl' | 'test' | 'native'; readonly path: string },
  call: HandlerCall,
): Promise<HandlerOutcome> {
  if (type === 'test') {
    core.log.info({ handler: path, events: call.events }, 'a test handler was told');
    return 'SUCCESS';
  }
  if (type === 'native') {
    const handler = Object.hasOwn(core.options.handlers, path) ? core.options.handlers[path] : undefined;
    if (handler) return handler(call);
    throw new Error(`There is no native handler ${path}`);
  }
  if (core.options.programs) return core.options.programs.run({ type, path }, call);
  throw new Error(`No programs are run here: ${path}`);
}
