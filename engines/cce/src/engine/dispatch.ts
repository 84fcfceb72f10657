import type { Binding, HandlerEvent, Stage } from '../handlers/handler.ts';
import type { EngineCore } from './core.ts';
import { changesOf, eventText, type ObjectChange } from './events.ts';
import type { Level } from './level.ts';
import { runHandler } from './run-handler.ts';

/** CLEANUP is no stage of an object: it is collected (cce 4.3). */
const STAGES_OF_OBJECT: readonly Stage[] = ['VALIDATE', 'CONFIGURE', 'EXECUTE', 'TEST'];
const KINDS = ['create', 'modify', 'destroy'] as const;

/** How deep writes of handlers may nest (cce 4.5), and how often cleanup handlers may cause new ones. */
const MAX_DEPTH = 50;

export interface Run {
  readonly core: EngineCore;
  readonly level: Level;
  readonly signal: AbortSignal;
}

/** A handler with all events of one object that it is bound to: it is started once (cce 4.2). */
interface Call {
  readonly binding: Binding;
  readonly events: readonly HandlerEvent[];
}

/** Runs the handlers for what a level changed; false: one failed, and rollback handlers have been told. CLEANUP handlers are collected in the level. */
export async function dispatch(run: Run): Promise<boolean> {
  const { core, level } = run;
  if (level.depth > MAX_DEPTH) {
    core.log.error({ depth: level.depth, transaction: level.transaction.id }, 'handlers cause each other without end');
    return false;
  }
  if (core.options.failTransactions) return false;
  if (core.options.noHandlers) return true;
  const changes = changesOf(level);
  for (const kind of KINDS) {
    for (const change of changes) {
      if (change.kind !== kind) continue;
      if (await handleObject(run, change)) continue;
      await rollBack(run);
      return false;
    }
  }
  return true;
}

/** Runs what was collected (cce 4.3), also what that collects, so many times; a failure is only logged. */
export async function cleanUp(run: Run): Promise<void> {
  const { cleanups } = run.level;
  let begun = 0;
  for (let round = 1; begun < cleanups.length; round += 1) {
    if (round > MAX_DEPTH) {
      run.core.log.error({ transaction: run.level.transaction.id }, 'cleanup handlers cause each other without end');
      return;
    }
    for (const end = cleanups.length; begun < end; begun += 1) {
      const cleanup = cleanups[begun];
      if (!cleanup || run.signal.aborted) return;
      const outcome = await runHandler(run, cleanup, 'HANDLER');
      if (outcome !== 'SUCCESS') logFailure(run, cleanup, 'a cleanup handler failed');
    }
  }
}

/** Tells the rollback handlers among those collected (cce 4.3), also when the caller is gone. */
export async function rollBack({ core, level }: Run): Promise<void> {
  const run = { core, level, signal: core.stopping.signal };
  const collected = level.cleanups.splice(0);
  for (const cleanup of collected) {
    if (!cleanup.binding.rollback) continue;
    level.transaction.rolledBack.push(...cleanup.events.map(eventText));
    const outcome = await runHandler(run, cleanup, 'ROLLBACK');
    if (outcome !== 'SUCCESS') logFailure(run, cleanup, 'a rollback handler failed');
  }
}

async function handleObject(run: Run, change: ObjectChange): Promise<boolean> {
  const calls = callsFor(run.level.transaction.language.bindings, change);
  const stages = run.level.dryRun ? STAGES_OF_OBJECT.slice(0, 1) : STAGES_OF_OBJECT;
  let passed = true;
  for (const stage of stages) {
    passed = await handleStage(
      run,
      calls.filter(({ binding }) => binding.stage === stage),
    );
    if (!passed) break;
  }
  if (!run.level.dryRun) run.level.cleanups.push(...calls.filter(({ binding }) => binding.stage === 'CLEANUP'));
  return passed;
}

/** Handlers that defer are asked again after the others, until a whole pass brings nothing forward (cce 4.3). */
async function handleStage(run: Run, calls: readonly Call[]): Promise<boolean> {
  let waiting = calls;
  while (waiting.length > 0) {
    const deferred: Call[] = [];
    for (const call of waiting) {
      const outcome = await runHandler(run, call, 'HANDLER');
      if (outcome === 'FAIL') {
        logFailure(run, call, 'a handler failed');
        return false;
      }
      if (outcome === 'DEFER') deferred.push(call);
    }
    if (deferred.length === waiting.length) {
      run.core.log.warn({ handlers: deferred.map(({ binding }) => binding.handler.path) }, 'handlers wait for each other');
      return false;
    }
    waiting = deferred;
  }
  return true;
}

function callsFor(bindings: readonly Binding[], { object, events }: ObjectChange): readonly Call[] {
  const calls = new Map<string, { readonly binding: Binding; readonly told: Set<HandlerEvent> }>();
  for (const binding of bindings) {
    if (binding.class !== object.class) continue;
    const matching = events.filter((event) => matches(binding, event));
    if (matching.length === 0) continue;
    const key = `${binding.handler.type}:${binding.handler.path}`;
    const call = calls.get(key) ?? { binding, told: new Set() };
    calls.set(key, call);
    for (const event of matching) call.told.add(event);
  }
  return [...calls.values()].map(({ binding, told }) => ({ binding, events: events.filter((event) => told.has(event)) }));
}

function matches(binding: Binding, event: HandlerEvent): boolean {
  if (binding.namespace !== event.namespace) return false;
  if (binding.event === '*') return event.name !== '_CREATE' && event.name !== '_DESTROY';
  return binding.event === event.name;
}

function logFailure({ core, level }: Run, { binding, events }: Call, text: string): void {
  const { type, path } = binding.handler;
  core.log.warn({ handler: `${type}:${path}`, events: events.map(eventText), transaction: level.transaction.id }, text);
}
