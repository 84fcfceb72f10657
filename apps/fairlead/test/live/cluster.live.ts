import { freshDatabase, lacksPostgres } from '@fairlead/testkit/db';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Killable } from '../support/walk/killable.ts';
import type { PatientClient } from '../support/walk/patient-client.ts';
import { backUp, readAll, restore } from '../support/walk/stories.ts';
import { Walk } from '../support/walk/walk.ts';

describe.skipIf(lacksPostgres())('two gateways on one PostgreSQL', () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let walk: Walk;
  let one: Killable;
  let other: Killable;
  beforeAll(async () => {
    database = await freshDatabase();
    walk = await Walk.start({ storeUrl: database.url, gateways: 2 });
    [one, other] = walk.world.gateways as [Killable, Killable];
  }, 180_000);
  afterAll(async () => {
    await walk?.[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
  });
  afterEach(() => one.revive());

  /** A client that asks whichever gateway it is told to. */
  function client(): { told: PatientClient; use: (gateway: Killable) => PatientClient } {
    let now = one;
    // Who does not answer any more is left, as a load balancer does it.
    const told = walk.client(() => (now.isDead ? other : now));
    const use = (gateway: Killable) => {
      now = gateway;
      return told;
    };
    return { told, use };
  }

  test('a token, a backup and a transfer that were begun at one go on at the other', { timeout: 120_000 }, async () => {
    const { told, use } = client();
    const { vmId, diskId, bytes } = walk.disk;
    await told.login();
    const backup = (await told.api('POST', `/vms/${vmId}/backups`, {})).json.id ?? '';
    const path = `/vms/${vmId}/backups/${backup}`;

    await use(other).settled(path, ['ready']);
    const wish = { disk: { id: diskId }, backup: { id: backup }, direction: 'download', format: 'raw' };
    const made = await use(one).api('POST', '/imagetransfers', wish);
    const transfer = `/imagetransfers/${made.json.id}`;
    await use(other).settled(transfer, ['transferring']);
    const open = await told.known(transfer);
    const proxies = [one, other].map((gateway) => use(gateway).dataUrl(open));
    for (const proxy of proxies) expect(walk.content.equals((await readAll(told, proxy, bytes)) ?? Buffer.alloc(0))).toBe(true);
    expect((await use(other).api('POST', `${transfer}/finalize`, {})).status).toBe(200);
    expect(await use(one).settled(transfer, ['finished_success', 'finished_failure'])).toBe('finished_success');
    expect((await use(one).api('POST', `${path}/finalize`, {})).status).toBe(200);
    expect(await use(other).settled(path, ['succeeded', 'failed'])).toBe('succeeded');
    await use(other).logout();

    await expect(use(one).api('GET', '')).rejects.toThrow('the token is not known any more');
    await walk.nothingIsLeft();
  });

  const IN_A_BACKUP = [
    'before answer POST /ovirt-engine/api/vms/*/backups 201',
    'before call POST /internal/backup/*',
    'after call POST /internal/backup/*',
    'after call POST /internal/transfer',
    'after call GET /images/*',
    'before call POST /internal/transfer/*/close',
    'before call POST /internal/backup/*/finalize',
  ];
  test.each(IN_A_BACKUP)('one dies (kill -9) in a backup, %s: the other goes on and cleans up', { timeout: 120_000 }, async (at) => {
    const { told } = client();
    one.isRevived = false;
    await one.order(at);

    await told.login();
    const content = await backUp(told, walk.disk);

    expect([one.isDead, content.equals(walk.content)]).toEqual([true, true]);
    await walk.nothingIsLeft();
  });

  test.each(['after call CloudStack deployVirtualMachine', 'after call CloudStack createVolume', 'after call CloudStack attachVolume'])(
    'one dies (kill -9) in a restore, %s: the other goes on, nothing is there twice',
    { timeout: 120_000 },
    async (at) => {
      const { told } = client();
      one.isRevived = false;
      await one.order(at);
      const name = `by-two-${at.split(' ').at(-1)}`;

      await told.login();
      const { vmId } = await restore(told, { name, ...walk.places, content: walk.content });

      expect(one.isDead).toBe(true);
      expect(walk.world.inventory()).toEqual(['VM web', `VM ${name}`, 'volume root', `volume ${name}`].toSorted());
      await walk.compare(name);
      expect((await told.api('DELETE', `/vms/${vmId}`)).status).toBe(200);
      await walk.nothingIsLeft();
    },
  );
});
