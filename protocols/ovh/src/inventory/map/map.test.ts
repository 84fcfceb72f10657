import { describe, expect, test } from 'vitest';
import { addressOf, distinct } from './addresses.ts';
import { dayOf, daysBetween, instantOf } from './days.ts';
import { flavorHardware, serverHardware, vpsHardware } from './hardware.ts';
import { iamOf } from './iam.ts';
import { instanceFacts, projectBook } from './instance.ts';
import { futureIntervention, plannedIntervention, serverFacts } from './server.ts';
import { serviceOf } from './service.ts';
import { asNumber, compactOrNone, memberOf } from './values.ts';

const NOTHING = {
  server: undefined,
  serviceInfos: undefined,
  hardware: undefined,
  ips: undefined,
  macs: undefined,
  publicMacs: undefined,
  open: undefined,
};

describe('sizes', () => {
  test.each([
    ['MB', 65_536, 65_536],
    ['GB', 64, 65_536],
    ['TB', 2, 2_097_152],
    ['GiB', 1.5, 1536],
    ['KB', 2048, 2],
    ['parsec', 3, undefined],
    [undefined, 3, undefined],
    ['GB', 'many', undefined],
    ['MB', '4096', 4096],
  ])('memory of %s %s is %s MiB', (unit, value, expected) => {
    expect(serverHardware({ memorySize: { unit, value } })?.memoryMiB).toBe(expected);
  });

  test.each([
    ['GB', 960, 960],
    ['TB', 14, 14_000],
    ['TB', 1.92, 1920],
    ['MB', 500_000, 500],
  ])('a disk of %s %s has %s GB', (unit, value, expected) => {
    const hardware = serverHardware({ diskGroups: [{ numberOfDisks: 4, diskType: 'SATA', diskSize: { unit, value } }] });
    expect(hardware?.disks).toEqual([{ count: 4, sizeGB: expected, type: 'SATA' }]);
  });

  test('cores and threads count those of all processors', () => {
    const cpu = { processorName: 'Xeon', numberOfProcessors: 2, coresPerProcessor: 12, threadsPerProcessor: 24 };
    expect(serverHardware(cpu)?.cpu).toEqual({ name: 'Xeon', cores: 24, threads: 48, count: 2 });
    expect(serverHardware({ coresPerProcessor: 6 })?.cpu).toEqual({ cores: 6 });
  });

  test('of a VPS its own members count before those of its model', () => {
    expect(vpsHardware({ vcore: 4, memoryLimit: 8192, model: { vcore: 2, memory: 4096, disk: 80 } })).toEqual({
      cpu: { cores: 4 },
      memoryMiB: 8192,
      disks: [{ count: 1, sizeGB: 80 }],
    });
    expect(vpsHardware({ model: { vcore: 2, memory: 4096 } })).toEqual({ cpu: { cores: 2 }, memoryMiB: 4096 });
  });

  test('memory of a flavor comes in GiB or in MiB', () => {
    expect([flavorHardware({ ram: 8 }), flavorHardware({ ram: 7000 })]).toEqual([{ memoryMiB: 8192 }, { memoryMiB: 7000 }]);
  });

  test('what has no sizes has no hardware', () => {
    expect([serverHardware({}), vpsHardware(null), flavorHardware('x'), serverHardware({ diskGroups: [null, 7, {}] })]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('days', () => {
  test.each([
    ['2026-12-01', '2026-12-01'],
    ['2026-12-01T00:00:00+01:00', '2026-12-01'],
    ['2026-12-01T23:59:59-11:00', '2026-12-01'],
    ['2026-12-01 10:00:00', '2026-12-01'],
    ['2024-02-29', '2024-02-29'],
    ['2026-02-29', undefined],
    ['2026-13-01', undefined],
    ['2026-12-011', undefined],
    ['01/12/2026', undefined],
    ['', undefined],
    [20_261_201, undefined],
    [null, undefined],
  ])('%s is the day %s', (text, expected) => {
    expect(dayOf(text)).toBe(expected);
  });

  test.each([
    ['2026-12-01', '2026-12-01', 0],
    ['2026-12-01', '2026-12-31', 30],
    ['2026-12-31', '2027-01-01', 1],
    ['2026-03-28', '2026-03-30', 2],
    ['2026-03-01', '2026-02-28', -1],
    ['2024-02-28', '2024-03-01', 2],
  ])('from %s to %s there are %s days', (from, to, expected) => {
    expect(daysBetween(from, to)).toBe(expected);
  });

  test('an instant is written in UTC', () => {
    expect([instantOf('2026-12-01T10:00:00+01:00'), instantOf('2026-12-01T99:00:00Z'), instantOf('soon')]).toEqual([
      '2026-12-01T09:00:00.000Z',
      undefined,
      undefined,
    ]);
  });
});

describe('addresses', () => {
  test.each([
    ['192.0.2.1', { address: '192.0.2.1', version: 4, kind: 'x' }],
    ['192.0.2.1/32', { address: '192.0.2.1', version: 4, kind: 'x' }],
    ['192.0.2.0/28', { address: '192.0.2.0/28', version: 4, kind: 'x' }],
    ['2001:db8::/64', { address: '2001:db8::/64', version: 6, kind: 'x' }],
    ['2001:db8::1/128', { address: '2001:db8::1', version: 6, kind: 'x' }],
    ['::ffff:192.0.2.1', { address: '::ffff:192.0.2.1', version: 6, kind: 'x' }],
    ['web1.example.com', undefined],
    ['{{ lookup("pipe", "id") }}', undefined],
    ['', undefined],
    [':'.repeat(100_000), undefined],
    [undefined, undefined],
  ])('%s', (text, expected) => {
    expect(addressOf(text, 'x')).toEqual(expected);
  });

  test('each counts once, as it was first mentioned', () => {
    const all = [
      addressOf('192.0.2.1', 'primary'),
      undefined,
      addressOf('192.0.2.1/32', 'additional'),
      addressOf('192.0.2.2', 'additional'),
    ];
    expect(distinct(all).map(({ address, kind }) => `${address} ${kind}`)).toEqual(['192.0.2.1 primary', '192.0.2.2 additional']);
  });
});

test('a server is called as IAM calls it, else by its reverse, else by its name', () => {
  const named = (server: unknown): unknown => serverFacts('ns1', { ...NOTHING, server }).displayName;
  expect(named({ reverse: 'web1.example.com.', iam: { displayName: 'web1' } })).toBe('web1');
  expect(named({ reverse: 'web1.example.com.', iam: { displayName: '' } })).toBe('web1.example.com');
  expect(named({ reverse: ' ' })).toBe('ns1');
  expect(named(undefined)).toBe('ns1');
});

test('of what could not be read nothing is made up', () => {
  expect(serverFacts('ns1', NOTHING)).toEqual({ displayName: 'ns1', state: 'unknown', rawState: '', iam: {} });
});

test('the raw state has what was said, and no more', () => {
  const raw = (server: unknown): unknown => serverFacts('ns1', { ...NOTHING, server }).rawState;
  expect([raw({ state: 'ok', powerState: 'poweron' }), raw({ state: 'ok' }), raw({ state: 7 })]).toEqual(['ok/poweron', 'ok', '']);
});

test('interventions that are over are no open work', () => {
  const to = '2031-01-01T00:00:00Z';
  expect(plannedIntervention('1', { status: 'done', wantedStartDate: to })).toBeUndefined();
  expect(plannedIntervention('1', { status: 'todo', type: 'disk', wantedStartDate: to })).toEqual({
    kind: 'intervention',
    id: '1',
    status: 'todo',
    function: 'disk',
    planned: '2031-01-01T00:00:00.000Z',
  });
  expect(plannedIntervention('1', undefined)).toEqual({ kind: 'intervention', id: '1', status: 'planned' });
  expect(futureIntervention('1', { date: to }, Date.parse(to))).toBeUndefined();
  expect(futureIntervention('1', { date: to }, Date.parse(to) - 1)).toMatchObject({ status: 'planned' });
  expect(futureIntervention('1', { date: 'soon' }, 0)).toBeUndefined();
});

test('an instance has its addresses from whichever member names them, and its parts from the object or from the lists', () => {
  const lists = { flavors: [{ id: 'f', name: 'b3-8', vcpus: 2 }], images: [{ id: 'i', name: 'Debian 12' }, { name: 'no id' }] };
  const book = projectBook({ id: 'p', project: { projectName: '', description: 'prod' }, ...lists });
  const both = {
    flavorId: 'f',
    imageId: 'i',
    ipAddresses: [
      { ip: '10.0.0.1', type: 'private' },
      { ip: '192.0.2.1', type: 'public' },
    ],
    addresses: [{ ip: '192.0.2.1', type: 'public' }, { ip: '192.0.2.2' }, null],
  };
  const facts = instanceFacts('1', both, book);
  expect(facts.ips?.map(({ address, kind }) => `${address} ${kind}`)).toEqual(['192.0.2.1 public', '192.0.2.2 public', '10.0.0.1 private']);
  expect(facts).toMatchObject({ model: 'b3-8', os: 'Debian 12', hardware: { cpu: { cores: 2 } }, project: { id: 'p', name: 'prod' } });
  const embedded = instanceFacts('1', { flavor: { name: 'c3-4', vcpus: 4 }, image: { name: 'Ubuntu' } }, book);
  expect(embedded).toMatchObject({ model: 'c3-4', os: 'Ubuntu', hardware: { cpu: { cores: 4 } } });
});

test('a service needs its id; contacts are all three or none', () => {
  expect(serviceOf({ status: 'ok' })).toBeUndefined();
  expect(serviceOf({ serviceId: '12', status: 'unPaid', renew: { automatic: false, period: '3' }, contactAdmin: 'a' })).toEqual({
    id: 12,
    status: 'unPaid',
    autoRenew: false,
    period: 3,
  });
});

test('a URN is one, and tags are texts in the order of their names', () => {
  const tags = JSON.parse('{"z":"1","a":"2","n":3,"__proto__":"4"}') as unknown;
  const iam = iamOf({ urn: 'urn:v1:eu:resource:vps:x', displayName: ' ', tags });
  expect(JSON.stringify(iam)).toBe('{"urn":"urn:v1:eu:resource:vps:x","tags":{"__proto__":"4","a":"2","z":"1"}}');
  expect([iamOf({ urn: 'not one' }), iamOf({ urn: 'urn:a b' }), iamOf(null), iamOf({ tags: [] })]).toEqual([{}, {}, {}, {}]);
});

test('numbers are numbers, whichever way they are written', () => {
  expect([asNumber(1.5), asNumber('12'), asNumber(12n), asNumber('-3.25')]).toEqual([1.5, 12, 12, -3.25]);
  const none = [
    asNumber('1e3'),
    asNumber(''),
    asNumber(Number.NaN),
    asNumber('12 GB'),
    asNumber(null),
    asNumber([1]),
    asNumber('9'.repeat(400)),
  ];
  expect(none.every((value) => value === undefined)).toBe(true);
});

test('members of the prototype are none', () => {
  expect([memberOf({}, 'constructor'), memberOf([1], 'length'), memberOf(null, 'x'), compactOrNone({ a: undefined })]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
