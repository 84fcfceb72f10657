import type { Clock } from '@fairlead/kernel/clock';
import type { Cloud } from './cloud.ts';
import { publicText } from './failure.ts';
import { KIND_NAMES, KINDS, type Kind, type KindName, type Kinds } from './inventory-kinds.ts';
import { listWhole, type View } from './inventory-lists.ts';
import type { Shelves } from './shelves.ts';

export interface ServiceViewParts {
  readonly shelves: Shelves;
  readonly cloud: Pick<Cloud, 'hasServiceKey' | 'service'>;
  readonly clock: Clock;
  readonly refreshMs: number;
}

/** What is kept of one kind. */
export interface KeptKind<T> {
  /** Grows with every change; 0 before the first list. */
  readonly version: number;
  /** Those that are not gone. */
  readonly items: readonly T[];
}

interface Failure {
  readonly atMs: number;
  readonly text: string;
}

/** So many refreshes may be missed until what is kept counts as old. */
const MISSED = 3;
/** However often it is refreshed, what is kept does not count as old before. */
const LEAST_OLD_MS = 5 * 60_000;
/** After so many kinds in a row that could not be listed, the others are not tried in this round. */
const MOST_FAILURES = 2;

/** What the service key sees, as it is kept: whoever reads here never waits for CloudStack. */
export class ServiceView {
  readonly #parts: ServiceViewParts;
  /** Of this gateway's last try. */
  readonly #failures = new Map<KindName, Failure>();
  #isRefused = false;

  constructor(parts: ServiceViewParts) {
    this.#parts = parts;
  }

  /** Lists everything anew with the service key: periodic work. Nothing happens without one. Throws the first failure, at the end. */
  async refreshAll(signal: AbortSignal): Promise<void> {
    const view = await this.#view();
    if (view === undefined) return;
    const errors: unknown[] = [];
    let inARow = 0;
    for (const kind of KIND_NAMES) {
      signal.throwIfAborted();
      if (inARow === MOST_FAILURES) {
        this.#fail([kind], errors.at(-1));
        continue;
      }
      try {
        await this.#refresh(view, kind, signal);
        inARow = 0;
      } catch (error) {
        signal.throwIfAborted();
        this.#fail([kind], error);
        errors.push(error);
        inARow += 1;
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  async kept<Name extends KindName>(kind: Name): Promise<KeptKind<Kinds[Name]>> {
    const shelf = { kind, scope: 'service' };
    const { version, byId } = await this.#parts.shelves.kept(shelf, (body) => JSON.parse(body) as Kinds[Name]);
    const { isGone } = KINDS[kind] as Kind<Kinds[Name]>;
    return { version, items: [...byId.values()].filter((item) => isGone?.(item) !== true) };
  }

  /** Why what is kept of these kinds is not everything as it is now; undefined when it is. */
  async shortfall(kinds: readonly KindName[]): Promise<string | undefined> {
    if (!this.#parts.cloud.hasServiceKey) return 'there is no service key ([cloudstack] api_key, secret_key)';
    if (this.#isRefused) return 'the service key in [cloudstack] is not a root admin’s';
    const reasons = new Map<string, KindName[]>();
    for (const kind of kinds) {
      const reason = await this.#reasonOf(kind);
      if (reason !== undefined) reasons.set(reason, [...(reasons.get(reason) ?? []), kind]);
    }
    return reasons.size === 0 ? undefined : [...reasons].map(([reason, of]) => `${of.join(', ')}: ${reason}`).join('; ');
  }

  async #view(): Promise<View | undefined> {
    try {
      const client = await this.#parts.cloud.service();
      this.#isRefused = client === undefined;
      return client === undefined ? undefined : { client, role: 'root-admin', scope: 'service' };
    } catch (error) {
      this.#fail(KIND_NAMES, error);
      throw error;
    }
  }

  async #refresh(view: View, kind: KindName, signal: AbortSignal): Promise<void> {
    const { shelves, refreshMs } = this.#parts;
    const list = (renew: () => Promise<void>) => listWhole(view, kind, { renew, signal });
    await shelves.refreshIfOlder({ kind, scope: view.scope }, list, refreshMs / 2);
    this.#failures.delete(kind);
  }

  #fail(kinds: readonly KindName[], error: unknown): void {
    const failure = { atMs: this.#parts.clock.now(), text: publicText(error) };
    for (const kind of kinds) this.#failures.set(kind, failure);
  }

  /** Another gateway may have listed it since a failure of this one. */
  async #reasonOf(kind: KindName): Promise<string | undefined> {
    const { shelves, clock, refreshMs } = this.#parts;
    const listed = await shelves.listedMs({ kind, scope: 'service' });
    const failure = this.#failures.get(kind);
    if (failure !== undefined && failure.atMs >= listed) return failure.text;
    if (listed === 0) return 'not listed yet';
    const isOld = clock.now() - listed > Math.max(MISSED * refreshMs, LEAST_OLD_MS);
    return isOld ? `last listed at ${new Date(listed).toISOString()}` : undefined;
  }
}
