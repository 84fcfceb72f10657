import { GatewayError } from '@fairlead/kernel/errors';
import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Format, readAny, readCollection, readResource, SCHEMA, type TypeName, writeResource } from './index.ts';

const TYPES = Object.keys(SCHEMA) as TypeName[];

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('hostile XML', () => {
  test.each([
    ['a document type', '<!DOCTYPE vm><vm/>'],
    ['an external entity', '<!DOCTYPE vm [<!ENTITY x SYSTEM "file:///etc/passwd">]><vm><name>&x;</name></vm>'],
    [
      'an entity bomb',
      `<!DOCTYPE v [<!ENTITY a "aaaaaaaaaa">${[...'bcdefgh'].map((name, i) => `<!ENTITY ${name} "${`&${'abcdefg'[i]};`.repeat(10)}">`).join('')}]><vm><name>&h;</name></vm>`,
    ],
    ['an unknown entity', '<vm><name>&nope;</name></vm>'],
    ['two roots', '<vm/><vm/>'],
    ['text after the root', '<vm/>x'],
    ['a control character', '<vm><name>\u0001</name></vm>'],
    ['a control character by number', '<vm><name>&#1;</name></vm>'],
    ['a control character by way of XML 1.1', '<?xml version="1.1"?><vm><name>&#1;</name></vm>'],
    ['an attribute twice', '<vm id="a" id="b"/>'],
    ['an end that does not fit', '<vm><name></vm></name>'],
    ['a cut document', '<vm><name>a'],
    ['a lone surrogate', '<vm><name>&#xd800;</name></vm>'],
    ['no element', '   '],
    ['another root', '<disk/>'],
    ['a root of the prototype', '<__proto__/>'],
  ])('%s is refused', (_, body) => {
    expect(codeOf(() => readResource('vm', body))).toBe('OVIRT_WIRE_BAD_XML');
  });

  test('bytes that are not UTF-8 are refused', () => {
    expect(codeOf(() => readResource('vm', Uint8Array.of(0x3c, 0x76, 0x6d, 0x3e, 0xff)))).toBe('OVIRT_WIRE_BAD_XML');
    expect(codeOf(() => readResource('vm', Uint8Array.of(0x7b, 0xff)))).toBe('OVIRT_WIRE_BAD_JSON');
  });

  test('names of the prototype are elements like others', () => {
    const vm = readResource(
      'vm',
      '<vm constructor="x" __proto__="y"><__proto__><polluted>1</polluted></__proto__><toString>1</toString></vm>',
    );

    expect(vm).toEqual({});
    expect(Object.getPrototypeOf(vm)).toBe(Object.prototype);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('99 levels pass and 101 do not', () => {
    const nested = (levels: number): string => `<vm>${'<a>'.repeat(levels - 1)}${'</a>'.repeat(levels - 1)}</vm>`;

    expect(codeOf(() => readResource('vm', nested(99)))).toBe('accepted');
    expect(codeOf(() => readResource('vm', nested(101)))).toBe('OVIRT_WIRE_TOO_DEEP');
    expect(codeOf(() => readResource('vm', '<a>'.repeat(1_000_000)))).toBe('OVIRT_WIRE_TOO_DEEP');
  });

  test('too many elements are refused', () => {
    expect(codeOf(() => readResource('vm', `<vm>${'<a/>'.repeat(20)}</vm>`, { maxNodes: 20 }))).toBe('OVIRT_WIRE_TOO_LARGE');
    expect(codeOf(() => readResource('vm', `<vm ${Array.from({ length: 20 }, (_, i) => `a${i}=""`).join(' ')}/>`, { maxNodes: 20 }))).toBe(
      'OVIRT_WIRE_TOO_LARGE',
    );
  });
});

describe('hostile JSON', () => {
  test.each(['{', '{"name":}', '"vm"', '[1]', 'null', '5', '{"a":1}{"b":2}', '{"name":"\u0001"}', 'name=a'])('%s is refused', (body) => {
    expect(codeOf(() => readResource('vm', body, { contentType: 'application/json' }))).toBe('OVIRT_WIRE_BAD_JSON');
  });

  test('32 levels pass and 33 do not', () => {
    const nested = (levels: number): string => `${`{"a":`.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;

    expect(codeOf(() => readResource('vm', nested(32)))).toBe('accepted');
    expect(codeOf(() => readResource('vm', nested(33)))).toBe('OVIRT_WIRE_TOO_DEEP');
    expect(codeOf(() => readResource('vm', `{"a":${'['.repeat(1_000_000)}`))).toBe('OVIRT_WIRE_TOO_DEEP');
  });

  test('brackets inside text do not count', () => {
    expect(readResource('vm', JSON.stringify({ name: `${'['.repeat(100)}\\"{` }))).toEqual({ name: `${'['.repeat(100)}\\"{` });
  });

  test.each(['\\u0000', '\\u0001', '\\ud800', '\\ufffe'])(
    'a text with %s is refused, as in XML, and of an engine it is left out',
    (written) => {
      const body = `{"name":"a${written}b"}`;

      expect(codeOf(() => readResource('vm', body))).toBe('OVIRT_WIRE_BAD_VALUE');
      expect(readResource('vm', body, { openEnums: true }).name).toMatch(/^a\ufffd?b$/);
    },
  );

  test('a date beyond the year 9999 by way of its offset is refused', () => {
    expect(codeOf(() => readResource('job', '{"start_time":"9999-12-31T23:59:59-14:00"}'))).toBe('OVIRT_WIRE_BAD_VALUE');
    expect(codeOf(() => readResource('job', '{"start_time":"0000-01-01T00:00:00+14:00"}'))).toBe('OVIRT_WIRE_BAD_VALUE');
  });

  test('keys of the prototype change nothing', () => {
    const vm = readResource('vm', '{"__proto__":{"name":"evil"},"constructor":{"prototype":{"polluted":1}}}');

    expect(vm).toEqual({});
    expect(vm.name).toBeUndefined();
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

test('a body beyond 8 MiB is refused before it is parsed', () => {
  const large = 'x'.repeat(8 * 1024 * 1024 + 1);

  expect(() => readResource('vm', large)).toThrow(expect.objectContaining({ code: 'OVIRT_WIRE_TOO_LARGE', status: 413 }));
  expect(() => readResource('vm', Buffer.from(large))).toThrow(expect.objectContaining({ code: 'OVIRT_WIRE_TOO_LARGE' }));
});

describe('anything at all', () => {
  const text = fc.oneof(fc.string({ maxLength: 200 }), fc.json(), mutated('xml'), mutated('json'));

  test('is read or refused with one of our codes', async () => {
    await fuzz(
      'ovirt.bodies',
      fc.tuple(fc.constantFrom(...TYPES), text),
      ([type, body]) => {
        const reads: readonly (() => unknown)[] = [
          () => readResource(type, body),
          () => readCollection('vm', body),
          () => readAny(['action', 'fault', type], body),
        ];
        for (const read of reads) expect(codeOf(read)).toMatch(/^(accepted|OVIRT_WIRE_(BAD_XML|BAD_JSON|BAD_VALUE|TOO_DEEP))$/);
      },
      { share: 10 },
    );
  });

  test('bytes are read or refused with one of our codes', async () => {
    await fuzz('ovirt.body-bytes', fc.uint8Array({ maxLength: 64 }), (bytes) => {
      expect(codeOf(() => readResource('vm', bytes))).toMatch(/^(accepted|OVIRT_WIRE_)/);
    });
  });
});

/** A true body with some characters changed, left out or doubled. */
function mutated(format: Format): fc.Arbitrary<string> {
  const whole = writeResource(
    'vm',
    {
      id: '5e',
      name: 'web & co',
      memory: 1024,
      status: 'up',
      cpu: { topology: { sockets: 2 } },
      disk_attachments: [{ id: 'd', disk: { id: 'd' } }],
    },
    format,
  );
  const edit = fc.record({ at: fc.nat(whole.length), length: fc.nat(5), put: fc.string({ maxLength: 3 }) });
  return fc
    .array(edit, { minLength: 1, maxLength: 4 })
    .map((edits) => edits.reduce((body, { at, length, put }) => body.slice(0, at) + put + body.slice(at + length), whole));
}
