import { fuzz, hostileText } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatInventory } from '../format/format.ts';
import type { InventoryRecord, RecordKind } from '../record.ts';
import { dayOf } from './days.ts';
import { domainFacts } from './domain.ts';
import { byDay, fromService, fromServiceInfos } from './expiring.ts';
import type { Facts } from './facts.ts';
import { instanceFacts, projectBook } from './instance.ts';
import { ipFacts } from './ip.ts';
import { futureIntervention, openTask, plannedIntervention, serverFacts } from './server.ts';
import { rowsIn } from './values.ts';
import { vpsFacts } from './vps.ts';

/** The members that the mappings look at, so that made-up objects have them more often than not. */
const MEMBERS = (
  'name state powerState reverse ip iam urn displayName tags datacenter rack region availabilityZone commercialRange os description ' +
  'memorySize unit value diskGroups diskSize numberOfDisks diskType numberOfProcessors coresPerProcessor threadsPerProcessor serviceId status ' +
  'creation expiration renew automatic period engagedUpTo contactAdmin contactBilling contactTech model vcore memoryLimit disk memory zone country ' +
  'id flavorId imageId flavor image ram vcpus ipAddresses addresses type routedTo serviceName regions campus suspensionState offer taskId ' +
  'function startDate date wantedStartDate billing lifecycle current expirationDate resource route path mode projectName __proto__ constructor'
).split(' ');
const WORDS = [
  ...[
    'ok',
    'poweron',
    'hacked',
    'running',
    'ACTIVE',
    'suspended',
    'MB',
    'GB',
    'TB',
    'failover',
    'public',
    'urn:v1:eu:resource:vps:x',
    'done',
    'unPaid',
  ],
  ...[
    '2026-12-01',
    '2026-12-01T00:00:00+01:00',
    '2026-02-30',
    '192.0.2.1/32',
    '2001:db8::/64',
    '=1+1',
    '{{ x }}',
    'automatic',
    '/vps/{serviceName}',
  ],
];

/** Any JSON, of the members and words that mean something, and of those that break things. */
const { answer } = fc.letrec<{ answer: unknown }>((tie) => ({
  answer: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, 1e308, 9_007_199_254_740_993n, undefined, ...WORDS),
    hostileText({ maxLength: 20 }),
    fc.double(),
    fc.dictionary(fc.constantFrom(...MEMBERS), tie('answer'), { maxKeys: 12 }),
    fc.dictionary(fc.constantFrom(...MEMBERS), tie('answer'), { maxKeys: 12, noNullPrototype: true }),
    fc.array(tie('answer'), { maxLength: 4 }),
  ),
}));

const STATES = new Set(['running', 'stopped', 'transition', 'rescue', 'maintenance', 'blocked', 'error', 'unknown']);

function checkFacts({ displayName, state, rawState, ips = [], macs = [], hardware, service, os, hostname }: Facts): void {
  expect([typeof displayName, STATES.has(state), typeof rawState]).toEqual(['string', true, 'string']);
  for (const { address, version, kind } of ips) {
    expect(address).toMatch(version === 4 ? /^[\d./]+$/ : /^[\da-f:./]+$/i);
    expect(typeof kind).toBe('string');
  }
  for (const text of [...macs, os ?? '', hostname ?? '']) expect(typeof text).toBe('string');
  const sizes = [
    hardware?.memoryMiB,
    hardware?.cpu?.cores,
    service?.id,
    ...(hardware?.disks ?? []).flatMap(({ count, sizeGB }) => [count, sizeGB]),
  ];
  for (const size of sizes) expect(size === undefined || typeof size === 'number').toBe(true);
  for (const day of [service?.expires, service?.created]) if (day !== undefined) expect(dayOf(day)).toBe(day);
}

function recordOf(kind: RecordKind, name: string, { iam, ...facts }: Facts): InventoryRecord {
  const tags = iam?.tags;
  const common = { id: iam?.urn ?? name, provider: 'ovh', endpoint: 'x', account: 'a', kind, name, fetchedAt: '', errors: [] } as const;
  return { ...common, ...facts, ...(tags === undefined ? {} : { tags }) };
}

function checkFormats(records: readonly InventoryRecord[]): void {
  for (const format of ['json', 'ndjson', 'csv', 'ansible', 'prometheus'] as const) {
    const text = formatInventory(records, format);
    expect(text.endsWith('\n')).toBe(true);
    if (format === 'ndjson') for (const line of text.split('\n').slice(0, -1)) JSON.parse(line);
    else if (format !== 'csv') JSON.parse(text);
  }
}

test('whatever the API answers, a record comes of it that every format can write', async () => {
  await fuzz(
    'ovh.inventory',
    fc.tuple(hostileText({ maxLength: 30 }), fc.array(answer, { minLength: 9, maxLength: 9 })),
    ([name, [a, b, c, d, e, f, g, h, i]]) => {
      const open = [openTask(name, 'todo', a), plannedIntervention(name, b), futureIntervention(name, c, 0)].filter(
        (entry) => entry !== undefined,
      );
      const book = projectBook({ id: name, project: d, flavors: rowsIn(e), images: f });
      const facts: [RecordKind, Facts][] = [
        ['baremetal', serverFacts(name, { server: a, serviceInfos: b, hardware: c, ips: d, macs: e, publicMacs: f, open })],
        ['vps', vpsFacts(name, { vps: a, serviceInfos: b, ips: c, datacenter: d, image: e })],
        ['cloud-instance', instanceFacts(name, g, book)],
        ['domain', domainFacts(name, { domain: h, serviceInfos: i })],
        ['ip', ipFacts(name, i)],
      ];
      for (const [, told] of facts) checkFacts(told);
      checkFormats(facts.map(([kind, told]) => recordOf(kind, name, told)));
    },
    { share: 3 },
  );
});

test('whatever the API answers of services, those that end have a day or a reason without one', async () => {
  const horizon = { today: '2026-11-22', days: 30 };
  await fuzz(
    'ovh.expiring',
    fc.tuple(hostileText({ maxLength: 30 }), answer, answer),
    ([name, service, infos]) => {
      const found = [fromService(name, service, horizon), fromServiceInfos('/vps', name, infos, horizon)].filter(
        (entry) => entry !== undefined,
      );
      for (const { expires, days, reason } of found.sort(byDay)) {
        expect(expires === undefined).toBe(days === undefined);
        if (reason === 'expiring') expect(days).toBeLessThanOrEqual(30);
        if (expires !== undefined) expect(dayOf(expires)).toBe(expires);
      }
      return found.length > 0;
    },
    { share: 3 },
  );
});
