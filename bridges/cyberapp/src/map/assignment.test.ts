import { expect, test } from 'vitest';
import { server, site, VM_ID, VM_KEY, vm } from '../../test/support/desire-items.ts';
import type { SourceName } from '../store/tables.ts';
import { assign, type Rule, RuleIndex, type SourcedItem } from './assignment.ts';
import { selectorProblem } from './selectors.ts';

let made = 0;

function rule(organization: string, source: SourceName, selector: string, rest: Partial<Rule> = {}): Rule {
  made += 1;
  const [kind = '', ...words] = selector.split(' ');
  return {
    ...{ id: String(made).padStart(4, '0'), organization_id: organization, source },
    ...{ selector_kind: kind, selector: words.join(' '), priority: 0, created_ms: made },
    ...rest,
  };
}

const machine = (owner = vm().owner): SourcedItem => ({ source: 'cloudstack', item: vm({ owner }) });
const ownerOf = (rules: readonly Rule[], item = machine()) => assign([item], rules).byItem.get(item.item.key);

test('cyberapp 9.155: a machine belongs to the customer whose account it is in, never to two', () => {
  const rules = [rule('o1', 'cloudstack', 'account ROOT/a/one'), rule('o2', 'cloudstack', 'account ROOT/b/two')];
  const before = assign([machine([{ kind: 'account', selector: 'ROOT/a/one' }])], rules);
  const after = assign([machine([{ kind: 'account', selector: 'ROOT/b/two' }])], rules);
  expect([before.byItem.get(VM_KEY), after.byItem.get(VM_KEY)]).toEqual(['o1', 'o2']);
});

test('cyberapp 9.156: of two rules of equal rank the older one holds, and the tie is told', () => {
  const owner = [
    { kind: 'tag', selector: 'team=a' },
    { kind: 'tag', selector: 'team=b' },
  ];
  const [older, newer] = [rule('o1', 'cloudstack', 'tag team=b'), rule('o2', 'cloudstack', 'tag team=a', { id: '0000' })];
  const { byItem, ties } = assign([machine(owner)], [newer, older]);
  expect(byItem.get(VM_KEY)).toBe('o1');
  expect(ties).toEqual([{ itemKey: VM_KEY, winner: older, loser: newer }]);
  const same = assign([machine(owner)], [older, { ...newer, organization_id: 'o1' }]);
  expect(same.ties).toEqual([]);
  const ranked = assign([machine(owner)], [older, { ...newer, priority: 1 }]);
  expect([ranked.byItem.get(VM_KEY), ranked.ties]).toEqual(['o2', []]);
});

test('cyberapp 5.1: the most specific kind holds, whatever its age; a higher priority before all', () => {
  const owner = [
    { kind: 'vm', selector: VM_ID },
    { kind: 'tag', selector: 'team=a' },
    { kind: 'project', selector: 'p1' },
    { kind: 'account', selector: 'ROOT/a/one' },
    { kind: 'domain', selector: 'ROOT/a' },
  ];
  const rules = [
    rule('domain', 'cloudstack', 'domain ROOT/a'),
    rule('account', 'cloudstack', 'account ROOT/a/one'),
    rule('project', 'cloudstack', 'project p1'),
    rule('tag', 'cloudstack', 'tag team=a'),
    rule('vm', 'cloudstack', `vm ${VM_ID}`),
  ];
  for (let left = rules.length; left > 0; left -= 1) {
    const some = rules.slice(0, left);
    expect(ownerOf(some, machine(owner))).toBe(some.at(-1)?.organization_id);
  }
  expect(ownerOf([...rules, rule('first', 'cloudstack', 'domain ROOT', { priority: 5 })], machine(owner))).toBe('first');
});

test('cyberapp 5.1: a rule for a domain holds below it; the longer path before the shorter one', () => {
  const owner = [{ kind: 'domain', selector: 'ROOT/a/b/c' }];
  const rules = [rule('o1', 'cloudstack', 'domain ROOT/a'), rule('o2', 'cloudstack', 'domain ROOT/a/b')];
  expect(ownerOf(rules, machine(owner))).toBe('o2');
  expect(ownerOf(rules.slice(0, 1), machine(owner))).toBe('o1');
  expect(ownerOf([rule('o3', 'cloudstack', 'domain ROOT/a/bb')], machine([{ kind: 'domain', selector: 'ROOT/a/b' }]))).toBeUndefined();
  expect(ownerOf([rule('o3', 'cloudstack', 'domain ROOT/a/b/c/d')], machine(owner))).toBeUndefined();
});

test('cyberapp 5.1: a rule of one source says nothing of another, and a domain of BlueOnyx has none below it', () => {
  const items: SourcedItem[] = [
    { source: 'blueonyx', item: site({ owner: [{ kind: 'domain', selector: 'a/b' }] }) },
    { source: 'ovh', item: server() },
  ];
  const { byItem, unassigned } = assign(items, [
    rule('o1', 'cloudstack', 'domain a/b'),
    rule('o1', 'blueonyx', 'domain a'),
    rule('o2', 'ovh', 'service shop/ns1.example.net'),
  ]);
  expect([...byItem]).toEqual([[server().key, 'o2']]);
  expect(unassigned.map(({ item }) => item.key)).toEqual([site().key]);
});

test('cyberapp 5.1: every rule that fits is told in the order in which they hold', () => {
  const rules = [rule('o1', 'cloudstack', 'domain ROOT'), rule('o2', 'cloudstack', 'domain ROOT/bakery'), rule('o3', 'cloudstack', 'vm x')];
  expect(new RuleIndex(rules).rulesFor(machine()).map((one) => one.organization_id)).toEqual(['o2', 'o1']);
});

test.each([
  ['cloudstack', 'account', 'ROOT/bakery/admin', undefined],
  ['cloudstack', 'account', 'admin', '<domain path>/<account>'],
  ['cloudstack', 'domain', 'ROOT/bakery', undefined],
  ['cloudstack', 'domain', '/ROOT/bakery', 'a domain path'],
  ['cloudstack', 'domain', 'ROOT//x', 'a domain path'],
  ['cloudstack', 'vm', VM_ID, undefined],
  ['cloudstack', 'vm', 'two words', 'an id'],
  ['cloudstack', 'tag', 'team=a=b', undefined],
  ['cloudstack', 'tag', '=a', 'key=value'],
  ['cloudstack', 'site', 'a', 'vm, tag, project, account, domain'],
  ['cloudstack', 'constructor', 'a', 'vm, tag, project, account, domain'],
  ['blueonyx', 'site', 'web1/site3', undefined],
  ['blueonyx', 'site', 'site3', '<host>/<Vsite name>'],
  ['blueonyx', 'domain', 'bakery.example', undefined],
  ['blueonyx', 'reseller', 'web1/carl', undefined],
  ['ovh', 'service', 'shop/ip-192.0.2.0/28', undefined],
  ['ovh', 'service', 'ns1', '<account>/<service name>'],
  ['ovh', 'account', 'shop', undefined],
  ['ovh', 'account', ' shop', 'no space at its ends'],
  ['ovh', 'account', 'a\nb', 'none of control'],
  ['ovh', 'account', 'x'.repeat(1001), 'at most 1000'],
] as const)('cyberapp 5.1: a selector is looked at before it is kept: %s %s %j', (source, kind, selector, problem) => {
  const found = selectorProblem(source, kind, selector);
  if (problem === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(problem);
});
