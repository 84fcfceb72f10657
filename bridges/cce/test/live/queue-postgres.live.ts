import { systemClock } from '@fairlead/kernel/clock';
import { silentLog } from '@fairlead/kernel/log';
import { Secrets } from '@fairlead/kernel/secrets';
import { migrate, openStore, type Store } from '@fairlead/kernel/store';
import { freshDatabase, lacksPostgres } from '@fairlead/testkit/db';
import { describe, expect, test } from 'vitest';
import { Transactions } from '../../src/service/queue/transactions.ts';
import { EventRows } from '../../src/store/event-rows.ts';
import { KeptAnswers } from '../../src/store/kept-answers.ts';
import { queueMigrations } from '../../src/store/queue-migrations.ts';

const OWNER = { key: 'k', user: 'admin' };
const secrets = new Secrets('a secret of the tests that is long enough');

/** Two gateways on one database. */
async function gateways(url: string): Promise<readonly [Store, Store]> {
  const open = () => openStore({ url, stateDir: '/nonexistent', log: silentLog(), clock: systemClock });
  const first = await open();
  await migrate(first, queueMigrations);
  return [first, await open()];
}

describe.skipIf(lacksPostgres())('on PostgreSQL', () => {
  test('two gateways fill one queue in one order, and one COMMIT gets it', async () => {
    await using database = await freshDatabase();
    const [one, two] = await gateways(database.url);
    await using _one = one;
    await using _two = two;
    const queues = [one, two].map((store) => new Transactions({ store, secrets, idleMs: 60_000, limits: { commands: 20 } }));
    const [first, second] = queues;
    await first?.begin(OWNER, { refs: false, atomic: undefined });
    const values = (index: number) => new Map([['password', `p${index}`]]);
    const added = Array.from({ length: 20 }, (_, index) =>
      queues[index % 2]?.add(OWNER, { verb: 'SET', oid: String(index + 1), namespace: '', values: values(index) }),
    );
    expect(await Promise.all(added)).toEqual(Array(20).fill(true));
    await expect(second?.add(OWNER, { verb: 'DESTROY', oid: '1' })).rejects.toMatchObject({ code: 'CCE_QUEUE_FULL' });
    expect((await first?.heldOids())?.size).toBe(20);
    const taken = (await Promise.all([first?.take(OWNER), second?.take(OWNER)])).filter((queue) => queue !== undefined);
    expect(taken).toHaveLength(1);
    const oids = taken[0]?.operations.map((operation) => ('oid' in operation ? Number(operation.oid) : 0)) ?? [];
    expect(oids.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(await second?.begin(OWNER, { refs: true, atomic: false })).toBeUndefined();
    expect(await first?.begin(OWNER, { refs: true, atomic: false })).toBe(0);
  });

  test('of two requests with one key one is carried out, and events get a number each', async () => {
    await using database = await freshDatabase();
    const [one, two] = await gateways(database.url);
    await using _one = one;
    await using _two = two;
    const request = 'CREATE User password = "can-be-guessed"';
    const claims = await Promise.all([one, two].map((store) => new KeptAnswers(store, secrets).claim('id', request)));
    expect(claims.map(({ kind }) => kind).toSorted()).toEqual(['busy', 'new']);
    const changed = new Secrets('another secret of the tests, long enough', ['a secret of the tests that is long enough']);
    expect(await new KeptAnswers(two, changed).claim('id', request)).toEqual({ kind: 'busy' });
    expect(await new KeptAnswers(two, secrets).claim('id', `${request} x`)).toEqual({ kind: 'other' });
    const rows = await one.tables<{ cce_answers: { request: string } }>().selectFrom('cce_answers').select('request').execute();
    expect(rows).toEqual([{ request: secrets.digest('cce.answers', request) }]);
    const event = { txn: 't', oid: '1', class: 'User', namespace: '', property: 'name', kind: 'modify', at_ms: 1 };
    await Promise.all([one, two, one, two].map((store) => new EventRows(store).add([event, event])));
    expect((await new EventRows(two).after(0, 100)).map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});
