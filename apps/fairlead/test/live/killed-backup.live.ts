import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BACKUP_POINTS, LOGIN_POINTS } from '../support/walk/points.ts';
import { backUp } from '../support/walk/stories.ts';
import { Walk } from '../support/walk/walk.ts';

let walk: Walk;
beforeAll(async () => {
  walk = await Walk.start();
}, 180_000);
afterAll(() => walk[Symbol.asyncDispose]());

describe('kill -9 at a step of a login: a token that was given counts, one that was given back does not', () => {
  test.each(LOGIN_POINTS)('$who, $at', { timeout: 150_000 }, async (point) => {
    await walk.killedAt(point, async (client) => {
      await client.login();
      expect((await client.sure(() => client.api('GET', ''))).status).toBe(200);
      await client.logout();
      await expect(client.sure(() => client.api('GET', ''))).rejects.toThrow('the token is not known any more');
    });
  });
});

describe('kill -9 at a step of a backup: the client goes on or begins anew, every byte is right, nothing is left', () => {
  test.each(BACKUP_POINTS)('$who, $at', { timeout: 150_000 }, async (point) => {
    await walk.killedAt(point, async (client) => {
      await client.login();
      const content = await backUp(client, walk.disk);
      expect(content.equals(walk.content)).toBe(true);
      await client.logout();
    });
    expect(walk.world.inventory()).toEqual(['VM web', 'volume root']);
  });
});
