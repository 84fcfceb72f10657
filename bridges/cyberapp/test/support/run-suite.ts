import { newUuid } from '@fairlead/kernel/ids';
import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { dryRun } from '../../src/service/push/dry-run.ts';
import { unconfiguredDatacenters } from '../../src/service/push/mapped.ts';
import { clientOf, connectorWorld, HOUR, item, items, MINUTE, noAlerts, withWorkloads } from './connector-world.ts';
import { enableAs } from './directory-world.ts';
import type { NewPlace } from './places.ts';
import { callerOf, US5 } from './tree.ts';

/** Runs as a whole: what fails, what is left alone for how long, and what is not touched by it (cyberapp 4.9 to 4.12). */
export function testRuns(dialect: string, newPlace: NewPlace): void {
  describe(`runs (${dialect})`, () => {
    test('cyberapp 9.122: credentials that are rejected pause the data center, ever longer, and the next success ends it', async () => {
      await using world = await connectorWorld(newPlace);
      world.show(world.c1, items(2));
      world.fake.faults.always('workloads.list', { kind: 'unauthorized' });
      expect(await world.run()).toMatchObject({ outcome: 'paused' });
      expect(await world.target('')).toMatchObject({ paused_reason: 'credentials rejected', consecutive_failures: 1 });
      const before = world.fake.requests.count();
      expect(await world.run()).toMatchObject({ outcome: 'paused', counts: {} });
      expect(world.fake.requests.count()).toBe(before);
      world.clock.advance(15 * MINUTE);
      await world.run();
      const again = await world.target('');
      expect([again?.consecutive_failures, again?.next_attempt_ms]).toEqual([2, world.clock.now() + 30 * MINUTE]);
      world.fake.faults.clear();
      world.clock.advance(30 * MINUTE);
      expect(await world.run()).toMatchObject({ outcome: 'ok', counts: { created: 2 } });
      expect(await world.target('')).toBeUndefined();
    });

    test('cyberapp 9.123: a secret that is wrong ends in a pause, and says so in the history', async () => {
      await using world = await connectorWorld(newPlace);
      world.show(world.c1, items(1));
      await using client = clientOf(world.fake, world.clock, { secret: 'of yesterday' });
      expect(await world.run({}, { client })).toMatchObject({ outcome: 'paused' });
      const runs = await world.db.selectFrom('cyberapp_runs').selectAll().execute();
      expect(runs).toMatchObject([{ outcome: 'paused', node: 'here', dry_run: 0, finished_ms: world.clock.now() }]);
      expect((await world.target(''))?.last_error).toContain('ACRONIS_TOKEN_REFUSED');
    });

    test('cyberapp 9.125: `Retry-After` silences the whole data center, and the run says when it goes on', async () => {
      await using world = await connectorWorld(newPlace, { settings: { concurrency: 1 } });
      await world.link(world.as.p1, [world.c2, world.tenants.c2]);
      world.show(world.c1, items(1));
      world.show(world.c2, items(1, 'other'));
      world.fake.faults.next('workloads.create', { kind: 'throttle', retryAfter: 7 });
      const result = await world.run();
      expect(result).toMatchObject({ outcome: 'paused', dueMs: world.clock.now() + 7000 });
      world.fake.requests.expectNoRequestFor(world.tenants.c2);
      const before = world.fake.requests.count();
      world.clock.advance(6999);
      await world.run();
      expect(world.fake.requests.count()).toBe(before);
      world.clock.advance(1);
      expect(await world.run()).toMatchObject({ outcome: 'ok', counts: { created: 2 } });
      expect([world.keysAt(), world.keysAt(world.tenants.c2)]).toEqual([['vm-1'], ['other-1']]);
    });

    test('cyberapp 9.126: an update that fails three times waits 1, 5, 15 and 60 minutes, then for every run', async () => {
      await using world = await connectorWorld(newPlace);
      world.show(world.c1, items(1));
      await world.run();
      world.show(world.c1, [item('vm-1', { name: 'renamed' })]);
      world.fake.faults.always('workloads.update', { kind: 'html', status: 200 });
      const waits: number[] = [];
      const tries: number[] = [];
      for (let round = 0; round < 4; round += 1) {
        const before = world.fake.requests.count('workloads.update');
        expect(await world.run()).toMatchObject({ outcome: 'partial', counts: { failed: 1 } });
        tries.push(world.fake.requests.count('workloads.update') - before);
        const [row] = await world.rows();
        waits.push(((row?.next_attempt_ms ?? 0) - world.clock.now()) / MINUTE);
        world.clock.advance((waits.at(-1) ?? 0) * MINUTE);
      }
      expect([tries, waits]).toEqual([
        [3, 3, 3, 3],
        [1, 5, 15, 60],
      ]);
      world.fake.faults.clear();
      expect(await world.run()).toMatchObject({ outcome: 'ok', counts: { updated: 1 } });
      expect((await world.rows())[0]).toMatchObject({ attempts: 0, last_error: null });
    });

    test('five failures in a row pause a tenant for 15 minutes, each further one twice as long, and never more than six hours', async () => {
      await using world = await connectorWorld(newPlace);
      world.show(world.c1, items(1));
      world.fake.faults.always('workloads.list', { kind: 'html', status: 200 });
      const pauses: number[] = [];
      for (let round = 0; round < 11; round += 1) {
        await world.run();
        const next = ((await world.target())?.next_attempt_ms ?? 0) - world.clock.now();
        pauses.push(Math.max(0, next / MINUTE));
        world.clock.advance(Math.max(MINUTE, next));
      }
      expect(pauses).toEqual([0, 0, 0, 0, 15, 30, 60, 120, 240, 360, 360]);
      world.fake.faults.clear();
      await world.run();
      expect(await world.target()).toMatchObject({ consecutive_failures: 0, paused_reason: null, last_ok_ms: world.clock.now() });
    });

    test('where workloads cannot be listed, alerts are looked at all the same, and the failure counts', async () => {
      await using world = await connectorWorld(newPlace);
      world.show(world.c1, items(1));
      world.fake.faults.always('workloads.list', { kind: 'status', status: 400 });
      const asked: string[] = [];
      expect(await world.run({}, { alerts: noAlerts(asked) })).toMatchObject({ outcome: 'partial', counts: { failed: 1 } });
      expect(asked).toEqual(['reconcile', 'raise', 'close']);
      expect(await world.target()).toMatchObject({ consecutive_failures: 1, last_error: expect.stringContaining('ACRONIS_REFUSED') });
    });

    test('a tenant that forbids everything is left alone for six hours', async () => {
      await using world = await connectorWorld(newPlace);
      await world.link(world.as.p1, [world.c2, world.tenants.c2]);
      world.show(world.c1, items(1));
      world.show(world.c2, items(1, 'other'));
      world.fake.faults.always('workloads.list', { kind: 'status', status: 403 }, { tenant: world.tenants.c1 });
      expect(await world.run()).toMatchObject({ outcome: 'partial', counts: { created: 1 } });
      expect(await world.target()).toMatchObject({ paused_reason: 'forbidden', next_attempt_ms: world.clock.now() + 6 * HOUR });
      world.clock.advance(6 * HOUR - 1);
      expect((await world.run()).counts).toMatchObject({ skipped: 1 });
    });

    test('cyberapp 9.148: a tenant that was left and shuts us out five times in a day is forgotten, and that is audited', async () => {
      await using world = await connectorWorld(newPlace);
      world.show(world.c1, items(2));
      await world.run();
      await world.link(world.as.p1, [world.c1, undefined]);
      world.fake.faults.always('workloads.delete', { kind: 'status', status: 403 });
      const audited: unknown[] = [];
      const audit = { record: async (entry: unknown) => void audited.push(entry) };
      const began = world.clock.now();
      for (let round = 0; round < 20 && (await world.rows()).length > 0; round += 1) {
        world.clock.advance(3 * HOUR);
        await world.run({}, { audit });
      }
      expect(world.clock.now() - began).toBeGreaterThanOrEqual(24 * HOUR);
      expect([await world.rows(), await world.target()]).toEqual([[], undefined]);
      expect(audited).toMatchObject([{ action: 'tenant.forget', object: world.tenants.c1, detail: { workloads: 2 } }]);
    });

    test('cyberapp 9.150: when the partner leaves, what its customers had is removed', async () => {
      await using world = await connectorWorld(newPlace);
      world.show(world.c1, items(2));
      await world.run();
      await world.db.deleteFrom('cyberapp_mappings').where('organization_id', '=', world.p1.id).execute();
      await world.run();
      expect([world.keysAt(), await world.rows()]).toEqual([[], []]);
    });

    test('cyberapp 9.130: a tenant that hangs on every call keeps one worker, and another ends in its usual time', async () => {
      await using world = await connectorWorld(newPlace, { settings: { concurrency: 2 } });
      await world.link(world.as.p1, [world.c2, world.tenants.c2]);
      world.show(world.c1, items(1));
      world.show(world.c2, items(1, 'other'));
      const stop = new AbortController();
      const hanging = withWorkloads(world.client, {
        list: async function* (query, signal) {
          if (query.tenantId !== world.tenants.c1) return yield* world.client.workloads.list(query, signal);
          await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
        },
      });
      const done = Promise.withResolvers<void>();
      const alerts = { ...noAlerts(), close: async () => Promise.resolve(done.resolve()).then(() => ({})) };
      const run = world.run({}, { client: hanging, alerts, graceMs: 0 }, stop.signal);
      await done.promise;
      expect(world.keysAt(world.tenants.c2)).toEqual(['other-1']);
      stop.abort(new Error('enough'));
      await expect(run).rejects.toThrow('enough');
    });

    test('cyberapp 9.131: a data center that is down does not touch another; it is left alone, and tried again by the clock', async () => {
      await using world = await connectorWorld(newPlace, { fake: { datacenters: ['eu8', 'us5'] } });
      await using us5 = clientOf(world.fake, world.clock, { datacenter: 'us5' });
      const [partner, customer] = [newUuid(), newUuid()];
      world.fake.tenants.add({ id: customer, name: 'D1', kind: 'customer', datacenter: 'us5' });
      await world.db.deleteFrom('cyberapp_mappings').where('organization_id', '=', world.p2.id).execute();
      const p2 = callerOf(world.p2, world.users.p2, { datacenter: US5 });
      await enableAs(world.place, p2, partner);
      await world.link(p2, [world.d1, customer]);
      world.show(world.c1, items(1));
      world.show(world.d1, items(1, 'west'));
      await world.fake.takeDown('eu8');
      const results = [];
      for (let round = 0; round < 4; round += 1) {
        results.push((await world.run()).outcome);
        await world.run({}, { client: us5 });
        world.clock.advance(MINUTE);
      }
      expect(results).toContain('paused');
      expect(world.keysAt(customer)).toEqual(['west-1']);
      await world.fake.bringUp('eu8');
      world.clock.advance(6 * HOUR);
      expect((await world.run()).outcome).toBe('ok');
      expect(world.keysAt()).toEqual(['vm-1']);
    });

    test('cyberapp 9.132: a mapping in a data center without a client is shown, and nothing is asked anywhere', async () => {
      await using world = await connectorWorld(newPlace);
      await world.db.updateTable('cyberapp_mappings').set({ datacenter_id: 'jp1' }).execute();
      world.show(world.c1, items(1));
      expect(await world.run()).toMatchObject({ outcome: 'ok', counts: {} });
      expect(world.fake.requests.count()).toBe(0);
      expect(await unconfiguredDatacenters(world.store, new Set(['eu8']))).toEqual(['jp1']);
    });

    test('what a tenant shows is paused while Acronis says that it is disabled or gone', async () => {
      await using world = await connectorWorld(newPlace);
      world.show(world.c1, items(1));
      await world.db.updateTable('cyberapp_mappings').set({ tenant_state: 'disabled' }).execute();
      expect((await world.run()).counts).toEqual({ skipped: 1 });
      await world.db.updateTable('cyberapp_mappings').set({ tenant_state: 'ok' }).execute();
      expect((await world.run()).counts).toMatchObject({ created: 1 });
    });

    test('an organization that breaks the mapper is counted, and the others go on', async () => {
      await using world = await connectorWorld(newPlace);
      await world.link(world.as.p1, [world.c2, world.tenants.c2]);
      world.show(world.c1, items(1));
      world.show(world.c2, items(1, 'other'));
      const alerts = noAlerts();
      const poison = {
        ...alerts,
        raise: async (desire: { readonly tenantId: string }) => {
          if (desire.tenantId === world.tenants.c1) throw new TypeError('poison');
          return {};
        },
      };
      expect(await world.run({}, { alerts: poison })).toMatchObject({ outcome: 'partial', counts: { poisoned: 1, tenants: 2 } });
      expect(world.keysAt(world.tenants.c2)).toEqual(['other-1']);
    });

    test('cyberapp 9.153: a dry run changes no table, sends nothing, and names each operation', async () => {
      await using world = await connectorWorld(newPlace);
      await world.link(world.as.p1, [world.c2, world.tenants.c2]);
      world.show(world.c1, items(3));
      world.show(world.c2, items(1, 'other'));
      await world.run();
      await world.link(world.as.p1, [world.c2, undefined]);
      world.fake.removeWorkload(world.fake.workloads.find((row) => row.externalId === 'vm-3')?.id ?? '');
      world.show(world.c1, [item('vm-1', { name: 'renamed' }), item('vm-2'), item('vm-3'), item('vm-4')]);
      const all = async () => [await world.rows(), await world.rows(world.tenants.c2), await world.target(), await runsOf(world.db)];
      const [before, requests] = [await all(), world.fake.requests.count()];
      const plan = async (remote?: typeof world.client) => {
        const parts = { ...world.parts(), datacenterId: 'eu8', remote };
        const lines = [];
        for await (const line of dryRun(parts, {}, new AbortController().signal)) lines.push(line);
        return lines;
      };
      const where = { org: world.c1.id, tenant: world.tenants.c1, dc: 'eu8', kind: 'workload' };
      expect(await plan()).toEqual([
        { ...where, op: 'update', key: 'vm-1', reason: 'changed', changes: ['name: "vm-1" -> "renamed"'] },
        expect.objectContaining({ ...where, op: 'create', key: 'vm-4', reason: 'not there yet' }),
        expect.objectContaining({ org: world.c2.id, op: 'remove', key: 'other-1', reason: 'the tenant is no longer mapped' }),
      ]);
      expect([await all(), world.fake.requests.count()]).toEqual([before, requests]);
      const writes = world.writes();
      const asked = await plan(world.client);
      expect(asked.map(({ op, key }) => [op, key])).toEqual([
        ['update', 'vm-1'],
        ['create', 'vm-3'],
        ['create', 'vm-4'],
        ['remove', 'other-1'],
      ]);
      expect([await all(), world.writes()]).toEqual([before, writes]);
    });

    test('cyberapp 9.154: a run that is stopped begins nothing more, lets a call end, and the next run goes on', async () => {
      await using world = await connectorWorld(newPlace, { settings: { batchSize: 1 } });
      world.show(world.c1, items(4));
      const stop = new AbortController();
      const answered: string[] = [];
      const client = withWorkloads(world.client, {
        create: async (drafts, signal) => {
          stop.abort(new Error('the gateway is stopping'));
          await world.client.workloads.create(drafts, signal);
          answered.push(drafts[0].name);
        },
      });
      await expect(world.run({}, { client }, stop.signal)).rejects.toThrow('the gateway is stopping');
      expect([answered, world.keysAt()]).toEqual([['vm-1'], ['vm-1']]);
      expect(await runsOf(world.db)).toMatchObject([{ outcome: 'stopped' }]);
      await world.run();
      expect(world.keysAt()).toEqual(['vm-1', 'vm-2', 'vm-3', 'vm-4']);
    });

    test('a call that does not end when a run is stopped is given up, and looked up by the next one', async () => {
      await using world = await connectorWorld(newPlace);
      world.show(world.c1, items(2));
      world.fake.faults.next('workloads.create', { kind: 'hang' });
      const stop = new AbortController();
      const run = world.run({}, { graceMs: 10 }, stop.signal);
      await until(() => world.fake.requests.count('workloads.create') > 0, { what: 'the creation' });
      stop.abort(new Error('the lease of the job is lost'));
      await expect(run).rejects.toThrow('lease');
      expect((await world.rows()).map((row) => [row.state, row.inflight_op])).toEqual([
        ['creating', 'create'],
        ['creating', 'create'],
      ]);
      for (const minutes of [1, 6, 6, 6]) {
        world.clock.advance(minutes * MINUTE);
        await world.run();
      }
      expect(world.keysAt()).toEqual(['vm-1', 'vm-2']);
    });

    test('the history is kept for a month, and a run that nobody ended is lost', async () => {
      await using world = await connectorWorld(newPlace);
      await world.run();
      const lost = { ...(await runsOf(world.db))[0], id: newUuid(), finished_ms: null, outcome: 'running' };
      await world.db
        .insertInto('cyberapp_runs')
        .values(lost as never)
        .execute();
      world.clock.advance(HOUR);
      await world.run();
      expect((await runsOf(world.db)).map((row) => row.outcome).toSorted()).toEqual(['lost', 'ok', 'ok']);
      world.clock.advance(31 * 24 * HOUR);
      await world.run();
      expect(await runsOf(world.db)).toHaveLength(1);
    });
  });
}

function runsOf(db: Awaited<ReturnType<typeof connectorWorld>>['db']) {
  return db.selectFrom('cyberapp_runs').selectAll().orderBy('started_ms').execute();
}
