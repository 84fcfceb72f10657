import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RESTORE_POINTS } from '../support/walk/points.ts';
import { restore } from '../support/walk/stories.ts';
import { Walk } from '../support/walk/walk.ts';

let walk: Walk;
beforeAll(async () => {
  walk = await Walk.start();
}, 180_000);
afterAll(() => walk[Symbol.asyncDispose]());

let made = 0;

describe('kill -9 at a step of a restore: the client goes on, every byte is right, nothing is there twice', () => {
  test.each(RESTORE_POINTS)('$who, $at', { timeout: 150_000 }, async (point) => {
    made += 1;
    const name = `again-${made}`;
    await walk.killedAt(point, async (client) => {
      await client.login();
      const { vmId } = await restore(client, { name, ...walk.places, content: walk.content });
      expect(walk.world.inventory()).toEqual(['VM web', `VM ${name}`, 'volume root', `volume ${name}`].toSorted());
      await walk.compare(name);
      expect((await client.api('DELETE', `/vms/${vmId}`)).status).toBe(200);
      await client.logout();
    });
    expect(walk.world.inventory()).toEqual(['VM web', 'volume root']);
  });
});
