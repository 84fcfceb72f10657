import type { Dialect, Store } from '@fairlead/kernel/store';
import { FakeOvh } from '@fairlead/ovh/fake';
import type { Kysely, Transaction } from 'kysely';
import { expect, test } from 'vitest';
import { accountLines, SERVER_SECRET, startGateway } from './gateway.ts';

const SMALL = { servers: 4, vps: 2, projects: 1, instances: 2, domains: 2, ips: 2, vracks: 0 };
const HOUR_MS = 3_600_000;

/** A place whose rows stay when a gateway ends. */
export interface Place extends AsyncDisposable {
  readonly url: string;
}

/** What holds on every store. */
export function testKeptInventory(newPlace: () => Promise<Place>): void {
  test('a restart keeps items, facts and since when they are so, and asks nobody', async () => {
    await using place = await newPlace();
    await using fake = await FakeOvh.start(SMALL);
    const options = { config: accountLines('main', fake), storeUrl: place.url };
    const { list, conditions } = await withGateway(options, async (gateway) => {
      await gateway.refresh();
      await gateway.checkKeys();
      return { list: await gateway.list(), conditions: await gateway.conditions() };
    });
    expect(list).toMatchObject({ complete: true });
    expect(list.items.length).toBeGreaterThan(8);
    await fake.close();
    await using again = await startGateway(options);
    expect(await again.list()).toEqual(list);
    expect(await again.conditions()).toEqual(conditions);
    await again.refresh();
    expect(await again.list()).toEqual(list);
  });

  test('two gateways tell the same, whichever of them has read it', async () => {
    await using place = await newPlace();
    await using fake = await FakeOvh.start(SMALL);
    const options = { config: accountLines('main', fake), storeUrl: place.url };
    await using one = await startGateway(options);
    await using two = await startGateway({ ...options, clock: one.clock });
    await Promise.all([one.refresh(), two.refresh()]);
    expect(await two.list()).toEqual(await one.list());
    expect(await two.conditions()).toEqual(await one.conditions());
    const [gone = ''] = fake.state.servers.keys();
    fake.state.servers.delete(gone);
    one.clock.advance(HOUR_MS);
    await two.refresh();
    expect((await one.list()).items.map((item) => item.attributes.provider_id)).not.toContain(gone);
    fake.clearLog();
    await one.refresh();
    expect(fake.log.filter(({ target }) => target.includes('/dedicated'))).toEqual([]);
  });

  test('a gateway that is killed in the middle of a look leaves the former inventory whole', async () => {
    await using place = await newPlace();
    await using fake = await FakeOvh.start(SMALL);
    const options = { config: accountLines('main', fake), storeUrl: place.url };
    await using witness = await startGateway(options);
    await witness.refresh();
    const before = { list: await witness.list(), facts: await witness.conditions() };
    for (const server of fake.state.servers.values()) Object.assign(server.server, { state: 'hacked' });
    fake.state.vps.clear();
    witness.clock.advance(HOUR_MS);
    // Each statement of the transaction is once the last that this process makes.
    for (let statements = 0; statements < 8; statements++) {
      await using victim = await startGateway({ ...options, clock: witness.clock, wrap: (store) => new DyingStore(store, statements) });
      await expect(victim.refresh()).rejects.toThrow('this gateway was killed');
      expect({ list: await witness.list(), facts: await witness.conditions() }).toEqual(before);
    }
    await witness.refresh();
    const after = await witness.list();
    expect(after.items.filter((item) => item.kind === 'vps')).toEqual([]);
    expect(after.items.filter((item) => item.attributes.status === 'BLOCKED')).toHaveLength(4);
  });

  test('a look that was overtaken by a later one changes nothing', async () => {
    await using place = await newPlace();
    await using fake = await FakeOvh.start(SMALL);
    const options = { config: accountLines('main', fake), storeUrl: place.url };
    await using slow = await startGateway(options);
    await using quick = await startGateway({ ...options, clock: slow.clock });
    fake.faults.next('GET /vps', { kind: 'delay', ms: 500 });
    const late = slow.refresh();
    await expect.poll(() => fake.log.some(({ target }) => target.includes('/dedicated/server/')), { timeout: 5000 }).toBe(true);
    slow.clock.advance(1000);
    fake.state.domains.clear();
    await quick.refresh();
    const told = await quick.list();
    await late;
    expect(await slow.list()).toEqual(told);
  });

  test('no secret stands in a row, in the log, in metrics or in health', async () => {
    await using place = await newPlace();
    await using fake = await FakeOvh.start(SMALL);
    const key = fake.issue({ rules: [{ method: 'GET', path: '/vps*' }] });
    const lesser = accountLines('lesser', fake).replace(fake.keys.consumerKey, key.consumerKey);
    const token = '[ovh token]\nendpoint = ovh-eu\naccess_token = canary-token-0815\nproxy = http://user:canary-password@127.0.0.1:1\n';
    await using gateway = await startGateway({ config: accountLines('main', fake) + lesser + token, storeUrl: place.url });
    fake.faults.sometimes('*', 0.2, {
      kind: 'status',
      status: 400,
      message: `key ${fake.keys.consumerKey} and ${fake.keys.applicationSecret}`,
    });
    await gateway.refresh();
    await gateway.checkKeys();
    const rows: string[] = [];
    for (const table of ['ovh_checks', 'ovh_keys', 'ovh_items', 'ovh_facts']) {
      rows.push(JSON.stringify(await gateway.store.tables<Record<string, object>>().selectFrom(table).selectAll().execute()));
    }
    const told = [JSON.stringify(await gateway.list()), JSON.stringify(await gateway.conditions()), JSON.stringify(await gateway.health())];
    const everything = [...rows, ...told, await gateway.page(), gateway.captured.text()].join('\n');
    expect(everything.length).toBeGreaterThan(10_000);
    const secrets = [
      fake.keys.applicationSecret,
      fake.keys.consumerKey,
      key.consumerKey,
      'canary-token-0815',
      'canary-password',
      SERVER_SECRET,
    ];
    expect(secrets.filter((secret) => everything.includes(secret))).toEqual([]);
  });
}

async function withGateway<T>(
  options: Parameters<typeof startGateway>[0],
  work: (gateway: Awaited<ReturnType<typeof startGateway>>) => Promise<T>,
): Promise<T> {
  await using gateway = await startGateway(options);
  return await work(gateway);
}

/** A store whose process ends in its first transaction, after so many statements; then nothing is written any more. */
class DyingStore implements Store {
  readonly #store: Store;
  #left: number;
  #isDead = false;

  constructor(store: Store, statements: number) {
    this.#store = store;
    this.#left = statements;
  }

  get clock(): Store['clock'] {
    return this.#store.clock;
  }

  get dialect(): Dialect {
    return this.#store.dialect;
  }

  tables<Schema>(): Kysely<Schema> {
    if (this.#isDead) throw new Error('this gateway was killed');
    return this.#store.tables<Schema>();
  }

  transaction<Schema, T>(work: (trx: Transaction<Schema>) => Promise<T>): Promise<T> {
    return this.#store.transaction<Schema, T>((trx) => work(this.#dying(trx)));
  }

  isUniqueViolation(error: unknown): boolean {
    return this.#store.isUniqueViolation(error);
  }

  /** The rows belong to the test. */
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  #dying<Schema>(trx: Transaction<Schema>): Transaction<Schema> {
    return new Proxy(trx, {
      get: (target, member) => {
        const value: unknown = Reflect.get(target, member, target);
        if (typeof value !== 'function' || !/^(insertInto|deleteFrom|selectFrom|updateTable)$/.test(String(member))) return value;
        if (this.#left === 0) {
          this.#isDead = true;
          throw new Error('this gateway was killed');
        }
        this.#left -= 1;
        return value.bind(target);
      },
    });
  }
}
