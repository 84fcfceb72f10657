import { fuzz, hostileBytes, hostileText, mutatedBytes, mutatedText, refusedWith } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CLOUDSTACK_OVF, ENGINE_OVF, PYTHON_OVF } from '../../test/support/ovf-documents.ts';
import { sampleOf } from '../../test/support/samples.ts';
import { baseOf } from '../client/session.ts';
import {
  booleanParameter,
  cleanCorrelationId,
  collectionOf,
  type FollowTree,
  matches,
  negotiate,
  type ObjectOf,
  parseFollow,
  parseMax,
  parseSearch,
  readCollection,
  readFault,
  readOvf,
  readResource,
  SCHEMA,
  splitMatrix,
  type TypeName,
  writeFault,
  writeOvf,
  writeResource,
} from './index.ts';
import { parseOvfDate } from './ovf/values.ts';
import { readScalar, scalarText } from './values.ts';
import { parseXml } from './xml-tree.ts';

const TYPES = Object.keys(SCHEMA) as TypeName[];
const BODY = /^OVIRT_WIRE_(BAD_XML|BAD_JSON|BAD_VALUE|TOO_DEEP|TOO_LARGE)$/;

/** True bodies of every type, in both formats. */
const bodies = TYPES.map((type) => [type, [write(type, 'xml'), write(type, 'json')]] as const);

function write(type: TypeName, format: 'xml' | 'json'): string {
  return writeResource(type, sampleOf(type, 1) as ObjectOf<TypeName>, format);
}

test('any body of any type is refused, or holds an object that can be written and read again', async () => {
  const words = ['<vm>', '</vm>', '<vm/>', ' id="x"', '"id":', '{}', '[]', '"link":', '&lt;', '2026-01-02T03:04:05Z', '1767225600123'];
  const inputs = fc.constantFrom(...bodies).chain(([type, samples]) => fc.tuple(fc.constant(type), mutatedText(samples, words)));
  await fuzz(
    'ovirt.bodies-mutated',
    inputs,
    ([type, body]) => {
      const object = refusedWith(BODY, () => readResource(type, body));
      if (object === undefined) return false;
      for (const format of ['xml', 'json'] as const) {
        expect(readResource(type, writeResource(type, object, format))).toEqual(object);
      }
      return true;
    },
    { share: 8, someAccepted: true },
  );
});

test('any bytes as a body or a list of any type are refused or read', async () => {
  const samples = bodies.flatMap(([, texts]) => texts.map((text) => Buffer.from(text)));
  await fuzz(
    'ovirt.bytes',
    fc.tuple(fc.constantFrom(...TYPES), fc.oneof(mutatedBytes(samples), hostileBytes())),
    ([type, body]) => {
      refusedWith(BODY, () => readResource(type, body));
      const list = refusedWith(BODY, () => readCollection(type, body, { openEnums: true }));
      expect(list === undefined || Array.isArray(list)).toBe(true);
      readFault(body);
    },
    { share: 6 },
  );
});

test('any document becomes a tree within its limits, or is refused', async () => {
  const limits = { maxDepth: 8, maxNodes: 40 };
  const words = ['<a>', '</a>', '<a b="c">', '<a/>', '<![CDATA[x]]>', '<?pi?>', '&amp;', 'xmlns:a="b"'];
  const depth = (node: ReturnType<typeof parseXml>): number => 1 + Math.max(0, ...node.children.map(depth));
  const texts = fc.oneof(
    fc.array(fc.constantFrom(...words), { maxLength: 60 }).map((parts) => parts.join('')),
    mutatedText(['<a b="c"><d>x</d></a>'], words),
    hostileText({ words }),
  );
  await fuzz(
    'ovirt.xml',
    texts,
    (text) => {
      const root = refusedWith(/^OVIRT_WIRE_(BAD_XML|TOO_DEEP|TOO_LARGE)$/, () => parseXml(text, limits));
      if (root !== undefined) expect(depth(root)).toBeLessThanOrEqual(limits.maxDepth);
    },
    { share: 6 },
  );
});

test('a fault that we write is read as it was, in both formats', async () => {
  const fault = fc.record({ reason: fc.string({ unit: 'grapheme', minLength: 1 }), detail: fc.string({ unit: 'grapheme', minLength: 1 }) });
  await fuzz('ovirt.fault', fc.tuple(fault, fc.constantFrom('xml' as const, 'json' as const)), ([given, format]) => {
    expect(readFault(writeFault(given, format))).toEqual(given);
  });
});

const ISO = /^-?\d{1,16}$|^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

test('any value of any scalar is refused, or lies in the range of its kind', async () => {
  const kinds = fc.constantFrom('boolean' as const, 'integer' as const, 'decimal' as const, 'date' as const);
  const samples = [
    'true',
    '42',
    '-1',
    '3.25',
    '2026-01-02T03:04:05.678+01:00',
    '2026-02-30',
    '1767225600123',
    '0000-01-01T00:00:00+14:00',
    '9999-12-31T23:59:59-14:00',
  ];
  await fuzz(
    'ovirt.scalars',
    fc.tuple(kinds, fc.oneof(mutatedText(samples), hostileText(), fc.integer(), fc.double(), fc.boolean())),
    ([kind, raw]) => {
      const field = { kind } as const;
      const value = refusedWith(/^OVIRT_WIRE_BAD_VALUE$/, () => readScalar(field, raw, 'x', { openEnums: false }));
      if (value === undefined) return;
      if (kind === 'date') expect(String(raw).trim()).toMatch(ISO);
      if (kind === 'integer') expect(Number.isSafeInteger(value)).toBe(true);
      if (kind !== 'boolean') expect(Object.is(value, -0) || !Number.isFinite(value)).toBe(false);
      expect(readScalar(field, scalarText(field, value, 'x'), 'x', { openEnums: false })).toBe(value);
    },
    { share: 6 },
  );
});

test('a date of an OVF is refused, or is one of the calendar', async () => {
  await fuzz('ovirt.ovf-date', fc.oneof(mutatedText(['2026/01/02 03:04:05']), hostileText()), (text) => {
    const ms = parseOvfDate(text);
    if (ms !== undefined) expect(Number.isSafeInteger(ms)).toBe(true);
  });
});

test('any parameter of a request is refused, or read within its limits', async () => {
  const words = [
    'true',
    'f',
    '+1',
    '-1',
    '999999999999999',
    ';a=b',
    '/vms;max=5',
    '%2F',
    '%zz',
    'disk_attachments',
    'nics.reporteddevices',
    ',',
  ];
  await fuzz(
    'ovirt.parameters',
    hostileText({ words, maxLength: 300 }),
    (text) => {
      const BAD = /^OVIRT_WIRE_BAD_VALUE$/;
      const max = refusedWith(BAD, () => parseMax(text));
      if (max !== undefined) expect(Number.isSafeInteger(max) && max >= 0).toBe(true);
      const flag = refusedWith(BAD, () => booleanParameter('all_content', text));
      expect(flag === undefined || typeof flag === 'boolean').toBe(true);
      expect(cleanCorrelationId(text) ?? 'x').toMatch(/^[0-9A-Za-z_-]{1,36}$/);
      const matrix = refusedWith(BAD, () => splitMatrix(text));
      if (matrix) expect(matrix.path).not.toContain(';');
      const follow = refusedWith(BAD, () => parseFollow(text));
      if (follow) expect(depthOf(follow)).toBeLessThanOrEqual(8);
      expect(collectionOf(text) === undefined || TYPES.includes(collectionOf(text)?.type as TypeName)).toBe(true);
      expect(['xml', 'json', undefined]).toContain(negotiate(text, text.slice(1))?.format);
    },
    { share: 6 },
  );
});

function depthOf(tree: FollowTree): number {
  return Math.max(0, ...[...tree.values()].map((inner) => 1 + depthOf(inner)));
}

test('any search is refused or understood, and what is understood can be asked of any object', async () => {
  const rules = { fields: ['name', 'status', 'tag'], freeText: true };
  const words = ['name', '=', '!=', 'a*', '*', '(', ')', 'and', 'or', 'sortby', 'page', '2', 'desc', '"x y"', "'", 'Vms:', 'nope=1', ' '];
  const texts = fc.oneof(
    fc.array(fc.constantFrom(...words), { maxLength: 120 }).map((parts) => parts.join(' ')),
    hostileText({ words }),
    mutatedText(['name=a* and (status!=up or tag="x y") sortby name desc page 2'], words),
  );
  await fuzz(
    'ovirt.search-asked',
    fc.tuple(texts, hostileText({ maxLength: 40 })),
    ([text, value]) => {
      const search = refusedWith(/^OVIRT_WIRE_BAD_SEARCH$/, () => parseSearch(text, rules));
      if (search === undefined) return;
      if (search.page !== undefined) expect(Number.isSafeInteger(search.page) && search.page >= 1).toBe(true);
      if (search.sortBy) expect(rules.fields).toContain(search.sortBy.field);
      const found = matches(search.expression, (field) => (field === 'tag' ? [value, 'x y'] : value));
      expect(typeof found).toBe('boolean');
    },
    { share: 6 },
  );
});

test('any OVF is refused, or describes a machine that can be written and read again', async () => {
  const documents = [ENGINE_OVF, CLOUDSTACK_OVF, PYTHON_OVF];
  const words = [
    '<Item>',
    '</Item>',
    'ovf:size="1"',
    '<Section',
    'ovf:diskId="',
    '4294967296',
    '<rasd:ResourceType>17</rasd:ResourceType>',
    '</Content>',
  ];
  await fuzz(
    'ovirt.ovf-mutated',
    fc.oneof(mutatedText(documents, words), mutatedBytes(documents.map((one) => Buffer.from(one)))),
    (document) => {
      const reading = refusedWith(/^OVIRT_WIRE_(BAD_OVF|TOO_DEEP|TOO_LARGE)$/, () => readOvf(document));
      if (reading === undefined) return false;
      const { cpu, memory, disks } = reading.description;
      if (cpu) expect(cpu.sockets * cpu.cores * cpu.threads).toBeGreaterThan(0);
      if (memory !== undefined) expect(Number.isSafeInteger(memory) && memory > 0).toBe(true);
      for (const disk of disks) expect(Number.isSafeInteger(disk.size) && disk.size > 0).toBe(true);
      const written = refusedWith(/^OVIRT_WIRE_UNWRITABLE$/, () => writeOvf(reading.description, { exportDate: 0, snapshotId: 's' }));
      if (written !== undefined)
        expect(readOvf(written).description.disks.map((disk) => disk.size)).toEqual(disks.map((disk) => disk.size));
      return true;
    },
    { share: 4, someAccepted: true },
  );
});

test('any address of an engine is refused, or an https origin without credentials', async () => {
  const samples = ['https://engine.example/ovirt-engine/api', 'https://[::1]:8443/ovirt-engine/', 'https://u:p@h/'];
  await fuzz('ovirt.address', fc.oneof(mutatedText(samples, ['@', '//', '?', '/api']), hostileText({ words: ['https://'] })), (text) => {
    const base = refusedWith(/^OVIRT_WIRE_BAD_VALUE$/, () => baseOf(text));
    if (base === undefined) return;
    const parsed = new URL(base);
    expect([parsed.protocol, parsed.username, parsed.password, parsed.search]).toEqual(['https:', '', '', '']);
  });
});
