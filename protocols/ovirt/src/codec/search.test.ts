import type { GatewayError } from '@fairlead/kernel/errors';
import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matches, parseSearch } from './index.ts';

const RULES = { fields: ['name', 'id', 'status', 'cluster', 'tag', 'storage.name', 'page', 'hw_id', 'correlation_id'] };

const WEB: Readonly<Record<string, string | readonly string[]>> = {
  name: 'web-01',
  status: 'up',
  cluster: 'East Side',
  tag: ['gold', 'nightly'],
};

function finds(search: string, machine = WEB, caseSensitive?: boolean): boolean {
  return matches(parseSearch(search, RULES).expression, (field) => machine[field], { caseSensitive });
}

describe('matching', () => {
  test.each([
    ['name=web-01', true],
    ['name = web-01', true],
    ['name="web-01"', true],
    ["name='web-01'", true],
    ['NAME=web-01', true],
    ['name=web', false],
    ['name=web*', true],
    ['name=*01', true],
    ['name=*b-*', true],
    ['name=w*b*1', true],
    ['name=web-01*web-01', false],
    ['name=*', true],
    ['name!=web-01', false],
    ['name!=db*', true],
    ['cluster="East Side"', true],
    ['cluster=east*', false],
    ['tag=nightly', true],
    ['tag!=silver', true],
    ['tag!=gold', false],
    ['id=x', false],
    ['id!=x', true],
    ['name=web* and status=down', false],
    ['name=web* AND status=up', true],
    ['name=db* or status=up', true],
    ['name=web-01 or name=db and status=down', true],
    ['(name=web-01 or name=db) and status=down', false],
    ['Vms: name=web-01', true],
    ['', true],
    ['   ', true],
    ['name=web.01', false],
    ['name="a=b and (c)"', false],
  ])('%s: %s', (search, expected) => {
    expect(finds(search)).toBe(expected);
  });

  test('case counts unless it is said otherwise', () => {
    expect(finds('name=WEB*')).toBe(false);
    expect(finds('name=WEB*', WEB, false)).toBe(true);
  });

  test('words without a field are looked for everywhere where that is allowed', () => {
    const search = parseSearch('c1d2-backup', { fields: ['name'], freeText: true });

    expect(search.expression).toEqual({ kind: 'text', value: 'c1d2-backup' });
    expect(matches(search.expression, (field) => (field === '' ? ['Backup C1D2-BACKUP failed', 'x'] : undefined))).toBe(true);
    expect(matches(search.expression, () => undefined)).toBe(false);
  });

  test('a pattern of many stars ends soon', () => {
    expect(finds(`name=${'*a'.repeat(1000)}*b`, { name: 'a'.repeat(100_000) })).toBe(false);
  });
});

describe('clauses at the end', () => {
  test.each([
    ['name=a page 2', { expression: { kind: 'equal', field: 'name', value: 'a' }, page: 2 }],
    ['page 3', { page: 3 }],
    ['sortby name', { sortBy: { field: 'name', descending: false } }],
    [
      'name!=a sortby status DESC page 1',
      { expression: { kind: 'unequal', field: 'name', value: 'a' }, sortBy: { field: 'status', descending: true }, page: 1 },
    ],
    ['sortby name asc', { sortBy: { field: 'name', descending: false } }],
    ['page=5', { expression: { kind: 'equal', field: 'page', value: '5' } }],
  ])('%s', (search, expected) => {
    expect(parseSearch(search, RULES)).toEqual(expected);
  });
});

describe('refusals', () => {
  test.each([
    ['colour=red', 'there is no field colour'],
    ['"name"=x', 'there is no field name'],
    ['name', 'is no comparison'],
    ['name=', 'a value is missing'],
    ['name==a', 'has no value'],
    ['name>5', 'at >5'],
    ['name="open', 'at "open'],
    ['name=a status=up', 'unexpected status'],
    ['name=a and', 'a field is missing'],
    ['(name=a', 'a closing bracket is missing'],
    ['name=a)', 'unexpected )'],
    ['name=a page 0', 'the page is not a number'],
    ['name=a page x', 'the page is not a number'],
    ['sortby colour', 'there is no field colour'],
    [`${'('.repeat(40)}name=a`, 'too many brackets'],
    ['a'.repeat(5000), 'longer than'],
    ['name=a or '.repeat(400), 'too many words'],
    ['__proto__=a', 'there is no field __proto__'],
  ])('%s', (search, why) => {
    expect(() => parseSearch(search, RULES)).toThrow(
      expect.objectContaining({ code: 'OVIRT_WIRE_BAD_SEARCH', status: 400, publicText: expect.stringContaining(why) }),
    );
  });

  test('anything is understood or refused with our code', async () => {
    const words = fc.array(
      fc.constantFrom('name', '=', '!=', 'and', 'or', '(', ')', '"', "'", '*', ' ', 'page', '2', 'sortby', 'x', '<', ':'),
      { maxLength: 20 },
    );
    await fuzz(
      'ovirt.search',
      fc.oneof(
        fc.string(),
        words.map((parts) => parts.join('')),
      ),
      (search) => {
        try {
          finds(search);
        } catch (error) {
          expect((error as GatewayError).code).toBe('OVIRT_WIRE_BAD_SEARCH');
        }
      },
      { share: 10 },
    );
  });
});
