import { expect, test } from 'vitest';
import { CostMeter, costOf } from './costs.ts';

function page(items: number): object {
  return { count: items, item: Array.from({ length: items }, () => ({})) };
}

/** "What answers cost" of the recordings: command, details, items, median in ms. */
const MEASURED = [
  ['listVirtualMachines', undefined, 485, 2612],
  ['listVirtualMachines', 'all', 485, 2612],
  ['listVirtualMachines', 'servoff,tmpl', 485, 1049],
  ['listVirtualMachines', 'min', 485, 928],
  ['listVirtualMachines', 'servoff,tmpl', 100, 248],
  ['listVirtualMachines', undefined, 20, 144],
  ['listVirtualMachines', undefined, 1, 21],
  ['listVolumes', undefined, 491, 884],
  ['listVolumes', undefined, 20, 77],
  ['listHosts', undefined, 4, 60],
  ['listStoragePools', undefined, 5, 19],
  ['listNetworks', undefined, 5, 97],
  ['listZones', undefined, 1, 12],
  ['listTags', undefined, 6, 10],
  ['listServiceOfferings', undefined, 4, 25],
  ['deployVirtualMachine', undefined, 0, 85],
] as const;

test.each(MEASURED)('%s with details %s and %i items costs about %i ms, as measured', (command, details, items, median) => {
  const cost = costOf(command, details, items === 0 ? { id: 'x', jobid: 'y' } : page(items));
  expect(Math.abs(cost - median) / median).toBeLessThan(0.16);
});

test('each further part of an instance costs more, and all of them what `all` costs', () => {
  const item = (details: string) => costOf('listVirtualMachines', details, page(1)) - costOf('listVirtualMachines', details, page(0));
  expect(item('min,nics')).toBeGreaterThan(item('min'));
  expect(item('stats,nics')).toBeGreaterThan(item('stats'));
  const parts = 'group,nics,stats,secgrp,tmpl,servoff,diskoff,backoff,iso,volume,affgrp,vnfnics';
  expect(item(parts)).toBeCloseTo(item('all'), 6);
});

/** Time that passes only by sleeping. */
function stillTime(): { sleeps: number[]; now: () => number; sleep: (ms: number) => Promise<void> } {
  const sleeps: number[] = [];
  return { sleeps, now: () => 1000, sleep: (ms) => Promise.resolve(void sleeps.push(ms)) };
}

test('a charge is a sleep, of which the time that the fake itself took is a part', async () => {
  const time = stillTime();
  const meter = new CostMeter();
  await meter.charge(50, 1000);
  expect(time.sleeps).toEqual([]);
  meter.set({ scale: 2, time });
  await meter.charge(50, 980);
  expect(time.sleeps).toEqual([80]);
});

test('two calls are worked on at once, a third stands in line', async () => {
  const time = stillTime();
  const meter = new CostMeter();
  meter.set({ time });
  await Promise.all([meter.charge(100, 1000), meter.charge(60, 1000), meter.charge(10, 1000), meter.charge(10, 1000)]);
  expect(time.sleeps).toEqual([100, 60, 70, 80]);
  expect(meter.settings).toEqual({ scale: 1, cores: 2 });
  meter.set(undefined);
  expect(meter.settings).toBeUndefined();
});
