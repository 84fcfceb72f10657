import type { Clock } from '../clock/index.ts';
import { FairleadError } from '../errors/index.ts';
import type { Log } from '../log/index.ts';
import type { Store } from '../store/index.ts';
import type { Secrets } from './secrets.ts';

export interface GatewayName {
  /** The same for the same gateway after a restart. */
  readonly id: string;
  /** For people. */
  readonly name: string;
}

export interface KeyUseParts {
  readonly store: Store;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: Log;
}

interface GatewayRow {
  id: string;
  name: string;
  key_id: string;
  /** JSON: the key ids that it can read. */
  reads: string;
  seen_ms: number;
}

interface KeyTables {
  kernel_gateways: GatewayRow;
  kernel_keys: { key_id: string; first_used_ms: number };
}

const SEEN_EVERY_MS = 20_000;
/** A gateway that was killed counts for so long. */
const ALIVE_MS = 60_000;

/** Tells the other gateways of a store which server secrets this one knows, for as long as it runs: all of them must be able to read what each writes. */
export class KeyUse implements AsyncDisposable {
  readonly #parts: KeyUseParts;
  readonly #gateway: GatewayName;
  readonly #closing = new AbortController();
  #running: Promise<void> = Promise.resolve();

  private constructor(gateway: GatewayName, parts: KeyUseParts) {
    this.#gateway = gateway;
    this.#parts = parts;
  }

  /** Throws `FAIRLEAD_SECRET_DIFFERS` when a gateway that is alive could not read this one's rows, or this one not its. */
  static async join(gateway: GatewayName, parts: KeyUseParts): Promise<KeyUse> {
    const use = new KeyUse(gateway, parts);
    // Said before the others are looked at: of two that start at once, at least one sees the other.
    await use.#tell();
    const stranger = (await liveGateways(parts.store)).find((other) => other.id !== gateway.id && !use.#understands(other));
    if (stranger !== undefined) {
      await use.#leave();
      throw FairleadError('FAIRLEAD_SECRET_DIFFERS', {
        gateway: stranger.name,
        seconds: Math.max(0, Math.round((parts.clock.now() - stranger.seen_ms) / 1000)),
        theirs: stranger.key_id,
        ours: parts.secrets.keyId,
      });
    }
    await noteKey(parts.store, parts.secrets.keyId);
    use.#running = use.#run();
    return use;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#running;
    await this.#leave().catch((error: unknown) => this.#parts.log.warn({ err: error }, 'this gateway could not be signed off'));
  }

  #understands(other: GatewayRow): boolean {
    const { secrets } = this.#parts;
    return secrets.keyIds.includes(other.key_id) && (JSON.parse(other.reads) as string[]).includes(secrets.keyId);
  }

  async #run(): Promise<void> {
    const { clock, log } = this.#parts;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await clock.sleep(SEEN_EVERY_MS, signal).catch(() => undefined);
      if (signal.aborted) return;
      await this.#tell().catch((error: unknown) => log.warn({ err: error }, 'this gateway could not say that it is alive'));
    }
  }

  async #tell(): Promise<void> {
    const { store, secrets, clock } = this.#parts;
    const facts = { name: this.#gateway.name, key_id: secrets.keyId, reads: JSON.stringify(secrets.keyIds), seen_ms: clock.now() };
    await store
      .tables<KeyTables>()
      .insertInto('kernel_gateways')
      .values({ id: this.#gateway.id, ...facts })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(facts))
      .execute();
  }

  async #leave(): Promise<void> {
    await this.#parts.store.tables<KeyTables>().deleteFrom('kernel_gateways').where('id', '=', this.#gateway.id).execute();
  }
}

export interface LiveGateway {
  readonly id: string;
  readonly name: string;
  readonly keyId: string;
  readonly reads: readonly string[];
}

/** The gateways that have said within the last minute that they run. */
export async function gatewaysAlive(store: Store): Promise<readonly LiveGateway[]> {
  const rows = await liveGateways(store);
  return rows.map((row) => ({ id: row.id, name: row.name, keyId: row.key_id, reads: JSON.parse(row.reads) as string[] }));
}

/** When a gateway with this secret was started for the first time, in ms; undefined for never. */
export async function firstUseOf(store: Store, keyId: string): Promise<number | undefined> {
  const row = await store.tables<KeyTables>().selectFrom('kernel_keys').selectAll().where('key_id', '=', keyId).executeTakeFirst();
  return row?.first_used_ms;
}

async function noteKey(store: Store, keyId: string): Promise<void> {
  await store
    .tables<KeyTables>()
    .insertInto('kernel_keys')
    .values({ key_id: keyId, first_used_ms: store.clock.now() })
    .onConflict((conflict) => conflict.column('key_id').doNothing())
    .execute();
}

async function liveGateways(store: Store): Promise<readonly GatewayRow[]> {
  const since = store.clock.now() - ALIVE_MS;
  return store.tables<KeyTables>().selectFrom('kernel_gateways').selectAll().where('seen_ms', '>', since).orderBy('name').execute();
}
