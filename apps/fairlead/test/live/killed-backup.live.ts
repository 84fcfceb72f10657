import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PatientClient } from '../support/walk/patient-client.ts';
import { BACKUP_POINTS, kindsWithoutPoint, LOGIN_POINTS, named, RECOVERY_POINTS } from '../support/walk/points.ts';
import { backUp } from '../support/walk/stories.ts';
import { Walk } from '../support/walk/walk.ts';

let walk: Walk;
beforeAll(async () => {
  walk = await Walk.start();
}, 180_000);
afterAll(() => walk?.[Symbol.asyncDispose]());

async function logInAndOut(client: PatientClient): Promise<void> {
  await client.login();
  expect((await client.sure(() => client.api('GET', ''))).status).toBe(200);
  await client.logout();
  await expect(client.sure(() => client.api('GET', ''))).rejects.toThrow('the token is not known any more');
}

async function logInAndBackUp(client: PatientClient): Promise<void> {
  await client.login();
  const content = await backUp(client, walk.disk);
  expect(content.equals(walk.content)).toBe(true);
  await client.logout();
}

test('every kind of step of a login and a backup that leaves a trace has a point at which it is killed', { timeout: 60_000 }, async () => {
  const { gateway, agent } = await walk.stepsOf(logInAndBackUp);

  const points = [...LOGIN_POINTS, ...BACKUP_POINTS];
  const by = (who: string) => points.filter((point) => point.who === who);
  expect(kindsWithoutPoint(gateway, by('gateway'))).toEqual([]);
  expect(kindsWithoutPoint(agent, by('agent'))).toEqual([]);
});

describe('kill -9 at a step of a login: a token that was given counts, one that was given back does not', () => {
  test.each(named(LOGIN_POINTS))('%s', { timeout: 150_000 }, async (_name, point) => {
    await walk.killedAt(point, logInAndOut);
  });
});

describe('kill -9, and again while that is being recovered from', () => {
  test.each(named(RECOVERY_POINTS))('%s', { timeout: 150_000 }, async (_name, point) => {
    await walk.killedAt(point, logInAndBackUp);
    expect(walk.world.inventory()).toEqual(['VM web', 'volume root']);
  });
});

describe('kill -9 at a step of a backup: the client goes on or begins anew, every byte is right, nothing is left', () => {
  test.each(named(BACKUP_POINTS))('%s', { timeout: 150_000 }, async (_name, point) => {
    await walk.killedAt(point, logInAndBackUp);
    expect(walk.world.inventory()).toEqual(['VM web', 'volume root']);
  });
});
