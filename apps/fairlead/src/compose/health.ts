import type { App } from '@fairlead/http';
import type { Clock } from '@fairlead/kernel/clock';
import type { BridgeContext, Health, RunningBridge } from '@fairlead/kernel/lifecycle';
import { pingStore, type Store } from '@fairlead/kernel/store';

const DAY_MS = 86_400_000;
/** Who asks more often is given the same answer: the question goes on to CloudStack. */
const KEPT_MS = 2000;

type Parts = Readonly<Record<string, Health>>;

export interface HealthParts {
  readonly context: Pick<BridgeContext, 'store' | 'authority' | 'clock'>;
  readonly bridges: ReadonlyMap<string, Pick<RunningBridge<App>, 'health'>>;
}

/** Health of every part: the store, the certificates, each bridge. What does not answer before the signal aborts is ill. */
export function healthOf({ context, bridges }: HealthParts): (signal: AbortSignal) => Promise<Parts> {
  let kept: { readonly at: number; readonly parts: Promise<Parts> } | undefined;
  return (signal) => {
    const now = context.clock.now();
    if (kept !== undefined && now - kept.at < KEPT_MS) return kept.parts;
    const asked: [string, Promise<Health>][] = [
      ['store', askStore(context.store)],
      ['certificates', Promise.resolve(certificates(context))],
      ...[...bridges].map(([id, one]): [string, Promise<Health>] => [id, one.health(signal)]),
    ];
    const parts = Promise.all(asked.map(async ([id, health]) => [id, await inTime(health, signal).catch(unwell)] as const)).then(
      Object.fromEntries,
    );
    kept = { at: now, parts };
    return parts;
  };
}

/** Whether the store answers. */
export async function askStore(store: Store): Promise<Health> {
  try {
    await pingStore(store);
    return { ok: true, facts: { store: store.dialect } };
  } catch {
    return { ok: false, facts: { store: `${store.dialect} does not answer` } };
  }
}

function certificates({ authority, clock }: { readonly authority: BridgeContext['authority']; readonly clock: Clock }): Health {
  const days = Object.entries(authority.ends()).map(
    ([name, end]) => [`${name}_days_left`, Math.floor((end - clock.now()) / DAY_MS)] as const,
  );
  return { ok: days.every(([, left]) => left >= 0), facts: Object.fromEntries(days) };
}

async function inTime(health: Promise<Health>, signal: AbortSignal): Promise<Health> {
  const late = Promise.withResolvers<never>();
  const giveUp = () => late.reject(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([health, late.promise]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

function unwell(error: unknown): Health {
  const failed = error instanceof Error && 'code' in error ? String(error.code) : 'no answer in time';
  return { ok: false, facts: { failed } };
}
