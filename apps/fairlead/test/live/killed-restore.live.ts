import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PatientClient } from '../support/walk/patient-client.ts';
import { BACKUP_POINTS, kindsWithoutPoint, named, RESTORE_POINTS } from '../support/walk/points.ts';
import { restore } from '../support/walk/stories.ts';
import { Walk } from '../support/walk/walk.ts';

let walk: Walk;
beforeAll(async () => {
  walk = await Walk.start();
}, 180_000);
afterAll(() => walk?.[Symbol.asyncDispose]());

let made = 0;

/** A VM that is there once, and whose disk is as the original. */
async function restoreOnce(client: PatientClient): Promise<string> {
  made += 1;
  const name = `again-${made}`;
  await client.login();
  const { vmId } = await restore(client, { name, ...walk.places, content: walk.content });
  expect(walk.world.inventory()).toEqual(['VM web', `VM ${name}`, 'volume root', `volume ${name}`].toSorted());
  await walk.compare(name);
  return vmId;
}

async function remove(client: PatientClient, vmId: string): Promise<void> {
  expect((await client.api('DELETE', `/vms/${vmId}`)).status).toBe(200);
  await client.logout();
}

test('every kind of step of a restore that leaves a trace has a point at which it is killed', { timeout: 60_000 }, async () => {
  const client = walk.client();
  let vmId = '';
  const { gateway, agent } = await walk.stepsOf(async () => {
    vmId = await restoreOnce(client);
  });
  await remove(client, vmId);

  // A transfer goes the same way in both directions.
  const by = (who: string) => [...RESTORE_POINTS, ...BACKUP_POINTS].filter((point) => point.who === who);
  const login = /kernel_sessions|sso|CloudStack login/;
  expect(kindsWithoutPoint(gateway, by('gateway')).filter((kind) => !login.test(kind))).toEqual([]);
  expect(kindsWithoutPoint(agent, by('agent'))).toEqual([]);
});

describe('kill -9 at a step of a restore: the client goes on, every byte is right, nothing is there twice', () => {
  test.each(named(RESTORE_POINTS))('%s', { timeout: 150_000 }, async (_name, point) => {
    await walk.killedAt(point, async (client) => remove(client, await restoreOnce(client)));
    expect(walk.world.inventory()).toEqual(['VM web', 'volume root']);
  });
});
