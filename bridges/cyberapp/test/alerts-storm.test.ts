import { acronisClass } from '@fairlead/acronis';
import { describe, expect, test } from 'vitest';
import type { Condition } from '../src/map/types.ts';
import { type AlertRig, alertRig, badBackup, HOUR, MINUTE } from './support/alert-rig.ts';

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What goes wrong at Acronis ends a run, and nothing else. */
async function ill(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (acronisClass(error) === undefined) throw error;
  }
}

const CODES = ['backup_failed', 'vm_error', 'certificate_expired', 'disk_quota_near', 'server_blocked'] as const;

async function storm(rig: AlertRig, random: () => number): Promise<readonly Condition[]> {
  const since = new Map<string, number>();
  const told = () => CODES.flatMap((code) => (since.has(code) ? badBackup(since.get(code) ?? 0, { dedupKey: code, code }) : []));
  for (let step = 0; step < 40; step += 1) {
    for (const code of CODES) {
      if (random() >= 0.3) continue;
      if (!since.delete(code)) since.set(code, rig.clock.now());
    }
    if (random() < 0.1) rig.fake.dismiss(rig.fake.openAlerts.at(-1)?.id ?? '');
    if (random() < 0.05) rig.fake.purgeAlert(rig.fake.openAlerts.at(-1)?.id ?? '');
    rig.clock.advance(Math.round(random() * 40 * MINUTE));
    if (step % 4 === 3) await ill(rig.reconcile());
    await ill(rig.run(told()));
  }
  return told();
}

describe('while everything fails now and then', () => {
  test.each([1, 2, 3, 4, 5, 6])('what is true in the end is shown once, and nothing else (seed %d)', async (seed) => {
    await using rig = await alertRig({ fake: { seed } });
    rig.fake.faults.random(0.25, seed);
    const told = await storm(rig, randomOf(seed));
    rig.fake.faults.clear();
    for (let hours = 0; hours < 4; hours += 1) {
      rig.clock.advance(2 * HOUR);
      await rig.reconcile();
      await rig.run(told);
    }
    const rows = (await rig.rows()).filter(({ state }) => state !== 'closed');
    expect(rows.map(({ dedup_key: key }) => key).toSorted()).toEqual(told.map(({ dedupKey }) => dedupKey).toSorted());
    expect(new Set(rows.map(({ state }) => state)).isSubsetOf(new Set(['open', 'dismissed']))).toBe(true);
    const open = rows.flatMap(({ state, alert_id: id }) => (state === 'open' ? [id] : []));
    expect(rig.fake.openAlerts.map(({ id }) => id.toLowerCase()).toSorted()).toEqual(open.toSorted());
    const sent = rig.fake.requests.count();
    expect(await rig.run(told)).toEqual({});
    expect(rig.fake.requests.count()).toBe(sent);
  });
});
