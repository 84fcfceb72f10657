import type { Operation } from '@fairlead/cscp/codec';
import { fuzz, hostileText } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeOperation, encodeOperation } from './entry.ts';
import { resolveReferences } from './references.ts';

const WORDS = ['$0.oid', '$$', '$$0.oid', '$1.oid', '$9999.oid', '$00.oid', '$', '.oid'];
const MADE = new Map([
  [0, '61'],
  [1, '62'],
]);

const text = hostileText({ maxLength: 30, words: WORDS });
const key = fc.constantFrom('a', 'b', '__proto__', 'constructor', 'values', 'verb');
const values = fc.array(fc.tuple(key, text), { maxLength: 4 }).map((pairs) => new Map(pairs));
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ verb: fc.constant('SET' as const), oid: fc.oneof(text, fc.constantFrom('56', '$0.oid')), namespace: text, values }),
  fc.record({ verb: fc.constant('CREATE' as const), class: text, values }),
  fc.record({ verb: fc.constant('DESTROY' as const), oid: text }),
);

test('any command comes out of its row as it went in, and only whole references are replaced', async () => {
  await fuzz(
    'cce.queue-commands',
    operation,
    (given) => {
      expect(decodeOperation(encodeOperation(given))).toEqual(given);
      const resolved = resolveReferences(given, MADE);
      if (resolved === undefined) return false;
      const before = 'values' in given ? [...given.values] : [];
      const after = 'values' in resolved ? [...resolved.values] : [];
      expect(after.map(([name]) => name)).toEqual(before.map(([name]) => name));
      for (const [index, [, value]] of before.entries()) expect(after[index]?.[1]).toBe(meaning(value));
      return true;
    },
    { someAccepted: true },
  );
});

/** What a value means, said once more (cce 8.3). */
function meaning(value: string): string | undefined {
  if (value.startsWith('$$')) return value.slice(1);
  const isReference = value.startsWith('$') && value.endsWith('.oid') && /^\d+$/.test(value.slice(1, -4)) && value.length < 10;
  return isReference ? MADE.get(Number(value.slice(1, -4))) : value;
}
