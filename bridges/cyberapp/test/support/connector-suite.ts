import type { Jobs } from '@fairlead/kernel/jobs';
import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { connectorRig, sectionOf } from './connector-rig.ts';
import { HOUR, MINUTE, SECRET } from './connector-world.ts';
import { fact, VM_KEY, vm } from './desire-items.ts';
import type { NewPlace } from './places.ts';

/** Less than a lease. */
const STEP_MS = 20_000;
const OPERATOR = { trigger: 'operator' } as const;
const running = () => new AbortController().signal;

/** The half of the bridge that calls Acronis, from configuration and inventory to what a console shows. */
export function testConnector(dialect: string, newPlace: NewPlace): void {
  describe(`the connector (${dialect})`, () => {
    test('machines and a broken backup are shown, a repaired one is taken back, and then nothing is sent', async () => {
      await using rig = await connectorRig(newPlace);
      const { world, told } = rig;
      await rig.sources.add({ organizationId: world.c1.id, source: 'cloudstack', kind: 'domain', selector: 'ROOT/bakery' });
      const began = new Date(world.clock.now() - HOUR).toISOString();
      told.items = [vm()];
      told.facts = [fact(VM_KEY, 'backup_last_failed', began, { detail: { reason: 'disk 2 of 2: read failed' } })];
      const { connector, context } = await rig.gateway();
      await using _ = connector;
      expect(await connector.run('eu8', OPERATOR, running())).toMatchObject({
        outcome: 'ok',
        counts: { created: 1, adopted: 1, raised: 1 },
      });
      expect(world.keysAt()).toEqual([VM_KEY]);
      const [workload] = world.fake.workloads;
      expect(world.fake.openAlerts).toMatchObject([{ resourceId: workload?.id, resourceName: 'shop-db-1' }]);
      told.facts = [fact(VM_KEY, 'backup_last_ok', new Date(world.clock.now()).toISOString())];
      world.clock.advance(30 * MINUTE);
      expect((await connector.run('eu8', OPERATOR, running())).counts).toMatchObject({ closed: 1 });
      expect(world.fake.openAlerts).toEqual([]);
      const writes = world.writes();
      world.clock.advance(30 * MINUTE);
      await connector.run('eu8', OPERATOR, running());
      expect(world.writes()).toBe(writes);
      const { text: page } = await context.metrics.page();
      expect(page).toContain('fairlead_cyberapp_push_total{dc="eu8",op="workloads.create",outcome="ok"} 1');
    });

    test('cyberapp 9.134: no secret is in the log, in numbers or in what runs leave behind', async () => {
      await using rig = await connectorRig(newPlace);
      const { world } = rig;
      const { connector, context } = await rig.gateway({ sections: `${sectionOf('eu8', world.fake.url(), 'another s3cret')}` });
      await using _ = connector;
      rig.told.items = [vm()];
      await rig.sources.add({ organizationId: world.c1.id, source: 'cloudstack', kind: 'domain', selector: 'ROOT/bakery' });
      expect((await connector.run('eu8', OPERATOR, running())).outcome).toBe('paused');
      const left = JSON.stringify([
        await world.target(''),
        await connector.facts(),
        rig.captured.text(),
        (await context.metrics.page()).text,
      ]);
      expect(left).not.toContain('s3cret');
      expect(left).toContain('credentials rejected');
      world.fake.requests.expectNoSecretInUrl();
    });

    test('a run from the command line takes the lease of the data center', async () => {
      await using rig = await connectorRig(newPlace);
      const { connector } = await rig.gateway();
      await using _ = connector;
      expect(await connector.once('eu8', OPERATOR, running())).toMatchObject({ outcome: 'ok' });
      await expect(connector.once('us5', OPERATOR, running())).rejects.toThrow(RangeError);
    });

    test('a plan tells all data centers, changes nothing, and an unknown one is refused', async () => {
      await using rig = await connectorRig(newPlace);
      const { world } = rig;
      await rig.sources.add({ organizationId: world.c1.id, source: 'cloudstack', kind: 'domain', selector: 'ROOT/bakery' });
      rig.told.items = [vm()];
      const { connector } = await rig.gateway();
      await using _ = connector;
      const lines = [];
      for await (const line of connector.plan({}, running())) lines.push([line.dc, line.op, line.key]);
      expect(lines).toEqual([['eu8', 'create', VM_KEY]]);
      expect([world.fake.requests.count(), await world.rows()]).toEqual([0, []]);
      await expect(connector.run('us5', OPERATOR, running())).rejects.toThrow(RangeError);
    });

    test('facts name what is degraded', async () => {
      await using rig = await connectorRig(newPlace);
      const { world } = rig;
      const { connector } = await rig.gateway();
      await using _ = connector;
      expect(await connector.facts()).toEqual({ 'data center eu8': 'no run yet' });
      await connector.run('eu8', OPERATOR, running());
      expect((await connector.facts())['data center eu8']).toContain('ok, 2026-');
      world.clock.advance(2 * HOUR);
      await world.db.updateTable('cyberapp_mappings').set({ datacenter_id: 'jp1' }).where('organization_id', '=', world.c1.id).execute();
      const { warning } = await connector.facts();
      expect(warning).toMatch(/eu8 has not been pushed to since .*; customers are mapped in jp1/);
    });

    test('credentials that were replaced are taken up without a restart', async () => {
      await using rig = await connectorRig(newPlace);
      const { world } = rig;
      const wrong = sectionOf('eu8', world.fake.url(), 'of yesterday');
      const { connector, settings } = await rig.gateway({ sections: wrong });
      await using _ = connector;
      rig.told.items = [vm()];
      await rig.sources.add({ organizationId: world.c1.id, source: 'cloudstack', kind: 'domain', selector: 'ROOT/bakery' });
      expect((await connector.run('eu8', OPERATOR, running())).outcome).toBe('paused');
      const values = settings.connector_dc.eu8;
      await connector.reload({ ...settings, connector_dc: { eu8: { ...values, client_secret: SECRET } as NonNullable<typeof values> } });
      world.clock.advance(15 * MINUTE);
      expect((await connector.run('eu8', OPERATOR, running())).outcome).toBe('ok');
    });

    test('cyberapp 9.152: of two gateways each data center has one; one that loses its lease stops, the other goes on', {
      timeout: 60_000,
    }, async () => {
      await using rig = await connectorRig(newPlace, { fake: { datacenters: ['eu8', 'us5'] } });
      const { world } = rig;
      await rig.sources.add({ organizationId: world.c1.id, source: 'cloudstack', kind: 'domain', selector: 'ROOT/bakery' });
      rig.told.items = ['one', 'two', 'three'].map((name) => vm({ key: `cs:main:vm:${name}`, name }));
      world.fake.faults.next('workloads.create', { kind: 'hang' });
      const options = { keys: 'batch_size = 1' };
      const [first, second] = [
        await rig.gateway({ ...options, node: 'first' }),
        await rig.gateway({ ...options, node: 'second', store: world.place.other }),
      ];
      await using _first = first.connector;
      await using _second = second.connector;
      await using jobs: Jobs = rig.work(first.context, first.connector.jobs);
      await until(() => world.fake.requests.count('workloads.create') === 1, { what: 'the call that hangs' });
      await using others: Jobs = rig.work(second.context, second.connector.jobs);
      const db = world.store.tables<{ kernel_jobs: { name: string; holder: string | null; lease_until_ms: number } }>();
      const stolen = { holder: 'a thief', lease_until_ms: 0 };
      await db.updateTable('kernel_jobs').set(stolen).where('name', '=', 'cyberapp.connector.eu8').execute();
      const runs = () =>
        world.db.selectFrom('cyberapp_runs').select(['node', 'outcome']).where('datacenter_id', '=', 'eu8').orderBy('started_ms').execute();
      const turn = async (ms: number, isDone: () => Promise<boolean>) => {
        for (let turned = 0; turned < ms && !(await isDone()); turned += STEP_MS) {
          world.clock.advance(STEP_MS);
          // What the turn has begun goes on in real time.
          await until(isDone, { timeoutMs: 100 }).catch(() => undefined);
        }
      };
      await turn(MINUTE, async () => (await runs()).some((row) => row.node === 'second'));
      expect(await runs()).toMatchObject([{ node: 'first', outcome: expect.stringMatching(/stopped|lost/) }, { node: 'second' }]);
      const isShown = async () => (await world.rows()).filter((row) => row.state === 'live').length === 3;
      await turn(HOUR, isShown);
      expect(world.keysAt()).toEqual(['cs:main:vm:one', 'cs:main:vm:three', 'cs:main:vm:two']);
      expect(await isShown()).toBe(true);
      expect((await runs()).map((row) => row.node)).toEqual(expect.arrayContaining(['first', 'second']));
      const west = await world.db.selectFrom('cyberapp_runs').select('id').where('datacenter_id', '=', 'us5').execute();
      expect(west.length).toBeGreaterThan(0);
      expect([jobs, others]).toHaveLength(2);
    });
  });
}
