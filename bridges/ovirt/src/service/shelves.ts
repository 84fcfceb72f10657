import type { Clock } from '@fairlead/kernel/clock';
import type { InventoryRows, Shelf } from '../store/inventory-rows.ts';
import type { InventoryStateRow } from '../store/read-tables.ts';
import { hasEnded, processName } from './process-name.ts';

/** What is on a shelf, in memory. The same object as long as nothing changes, so that others can keep what they derive from it. */
export interface Kept<T> {
  readonly version: number;
  readonly byId: ReadonlyMap<string, T>;
}

/** Lists a shelf whole; `renew` is called between pages. */
export type ListAll = (renew: () => Promise<void>) => Promise<ReadonlyMap<string, string>>;

export interface Wanted<T> {
  readonly shelf: Shelf;
  readonly parse: (body: string) => T;
  readonly list: ListAll;
  /** Listed anew first when the last list is older, in ms. */
  readonly maxAgeMs: number;
}

/** A gateway that dies while it lists blocks others for so long, unless they see that it is gone. */
const CLAIM_MS = 30_000;
/** How often somebody else's list is looked after. */
const LOOK_MS = 250;
/** How long somebody else's first list is waited for. */
const PATIENCE_MS = 120_000;
/** How long a look at a shelf's row counts. */
const STATE_MS = 100;
/** Shelves kept in memory; the least recently used goes. */
const MAX_KEPT = 256;

/**
 * Shelves of rows with a copy in memory that is thrown away when the rows' version says so. Nobody lists the same shelf twice at a
 * time: within the process calls share one promise, between gateways a claim in the row decides.
 */
export class Shelves {
  readonly #rows: InventoryRows;
  readonly #clock: Clock;
  readonly #me = processName();
  readonly #kept = new Map<string, Kept<unknown>>();
  readonly #listing = new Map<string, Promise<void>>();
  readonly #states = new Map<string, { readonly state: InventoryStateRow | undefined; readonly atMs: number }>();

  constructor(rows: InventoryRows, clock: Clock) {
    this.#rows = rows;
    this.#clock = clock;
  }

  /** What is on the shelf, listed anew before when it is too old. Throws what the list throws. */
  async read<T>(wanted: Wanted<T>): Promise<Kept<T>> {
    const listed = (await this.#state(wanted.shelf))?.listed_ms ?? 0;
    if (listed === 0 || this.#clock.now() - listed > wanted.maxAgeMs) await this.refresh(wanted.shelf, wanted.list);
    return this.#load(wanted);
  }

  /** What is on the shelf as it is, however old; nobody is asked. */
  kept<T>(shelf: Shelf, parse: (body: string) => T): Promise<Kept<T>> {
    return this.#load({ shelf, parse });
  }

  /** When the last whole list of the shelf began; 0 before the first. */
  async listedMs(shelf: Shelf): Promise<number> {
    return Number((await this.#state(shelf))?.listed_ms ?? 0);
  }

  /** Lists the shelf anew unless somebody did lately: another request, or another gateway. */
  async refreshIfOlder(shelf: Shelf, list: ListAll, ageMs: number): Promise<void> {
    const listed = (await this.#rows.state(shelf))?.listed_ms ?? 0;
    if (this.#clock.now() - listed >= ageMs) await this.refresh(shelf, list);
  }

  /** Lists the shelf anew, or waits for whoever does it now. */
  refresh(shelf: Shelf, list: ListAll): Promise<void> {
    const key = keyOf(shelf);
    const running = this.#listing.get(key);
    if (running !== undefined) return running;
    const started = this.#refresh(shelf, list).finally(() => this.#listing.delete(key));
    this.#listing.set(key, started);
    return started;
  }

  async put(shelf: Shelf, item: { readonly id: string; readonly body: string }, seenMs: number): Promise<void> {
    await this.#rows.put(shelf, item, seenMs);
    this.#states.delete(keyOf(shelf));
  }

  async drop(kind: string, id: string): Promise<void> {
    await this.#rows.drop(kind, id);
    this.#states.clear();
  }

  async #refresh(shelf: Shelf, list: ListAll): Promise<void> {
    const asked = this.#clock.now();
    while (!(await this.#claim(shelf))) {
      const state = await this.#rows.state(shelf);
      if (state !== undefined && hasEnded(state.claimed_by)) {
        await this.#rows.release(shelf, state.claimed_by);
        continue;
      }
      const isListed = (state?.listed_ms ?? 0) > 0;
      if (isListed || this.#clock.now() - asked > PATIENCE_MS) return;
      await this.#clock.sleep(LOOK_MS);
    }
    try {
      const startedMs = this.#clock.now();
      const items = await list(async () => void (await this.#claim(shelf)));
      await this.#rows.replace(shelf, items, startedMs);
    } finally {
      await this.#rows.release(shelf, this.#me);
      this.#states.delete(keyOf(shelf));
    }
  }

  /** One request looks at the same shelf for each of its objects: the row is read again only after a moment, or after a change of ours. */
  async #state(shelf: Shelf): Promise<InventoryStateRow | undefined> {
    const key = keyOf(shelf);
    const now = this.#clock.now();
    const known = this.#states.get(key);
    if (known !== undefined && now - known.atMs < STATE_MS) return known.state;
    const state = await this.#rows.state(shelf);
    if (this.#states.size >= MAX_KEPT) this.#states.clear();
    this.#states.set(key, { state, atMs: now });
    return state;
  }

  #claim(shelf: Shelf): Promise<boolean> {
    const now = this.#clock.now();
    return this.#rows.claim(shelf, this.#me, { now, until: now + CLAIM_MS });
  }

  async #load<T>(wanted: Pick<Wanted<T>, 'shelf' | 'parse'>): Promise<Kept<T>> {
    const key = keyOf(wanted.shelf);
    const version = (await this.#state(wanted.shelf))?.version ?? 0;
    const known = this.#kept.get(key) as Kept<T> | undefined;
    if (known?.version === version) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
      return known;
    }
    const rows = await this.#rows.all(wanted.shelf);
    const kept = { version, byId: new Map(rows.map(({ id, body }) => [id, wanted.parse(body)])) };
    this.#kept.set(key, kept);
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return kept;
  }
}

function keyOf(shelf: Shelf): string {
  return `${shelf.kind} ${shelf.scope}`;
}
