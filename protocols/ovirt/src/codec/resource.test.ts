import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryOf, sampleOf } from '../../test/support/samples.ts';
import {
  COLLECTIONS,
  collectionOf,
  readAny,
  readCollection,
  readResource,
  SCHEMA,
  type TypeName,
  writeCollection,
  writeResource,
} from './index.ts';
import type { ObjectOf } from './schema/index.ts';

const TYPES = Object.keys(SCHEMA) as TypeName[];
const FORMATS = ['xml', 'json'] as const;

describe.each(FORMATS)('%s', (format) => {
  test.each(TYPES)('%s with every field comes back as it was', (type) => {
    const object = sampleOf(type) as ObjectOf<TypeName>;

    expect(readResource(type, writeResource(type, object, format))).toEqual(object);
  });

  test('any object of any type comes back as it was', async () => {
    const anything = fc.constantFrom(...TYPES).chain((type) => arbitraryOf(type).map((object) => ({ type, object })));
    await fuzz(
      `ovirt.resources-${format}`,
      anything,
      ({ type, object }) => {
        expect(readResource(type, writeResource(type, object as ObjectOf<TypeName>, format))).toEqual(object);
      },
      { share: 1.5 },
    );
  });

  test('lists come back in order, the empty one too', () => {
    const vms = [{ id: 'b', name: 'second' }, { id: 'a' }];

    expect(readCollection('vm', writeCollection('vm', vms, format))).toEqual(vms);
    expect(readCollection('vm', writeCollection('vm', [], format))).toEqual([]);
  });

  test.each([
    ['an enum value that is not legal', 'vm', { status: 'launched' }],
    ['a size that is no whole number', 'disk', { provisioned_size: 1.5 }],
    ['a number for a name', 'vm', { name: 5 }],
    ['a date that is none', 'job', { start_time: Number.NaN }],
  ] as const)('refuses to write %s', (_, type, object) => {
    expect(() => writeResource(type, object as never, format)).toThrow(
      expect.objectContaining({ code: 'OVIRT_WIRE_UNWRITABLE', status: 500 }),
    );
  });
});

describe('output', () => {
  test('the empty list keeps its root', () => {
    expect(writeCollection('vm', [], 'xml')).toBe('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<vms/>');
    expect(writeCollection('vm', [], 'json')).toBe('{"vm":[]}');
  });

  test('XML has id and href as attributes, references too', () => {
    const xml = writeResource('vm', { id: '5e', href: '/vms/5e', cluster: { id: 'c7', href: '/clusters/c7' } }, 'xml');

    expect(xml).toContain('<vm href="/vms/5e" id="5e"><cluster href="/clusters/c7" id="c7"/></vm>');
  });

  test('XML leaves out what XML cannot carry', () => {
    const xml = writeResource('vm', { name: 'a\u0000\u0001\ud800b\ufffe' }, 'xml');

    expect(readResource('vm', xml)).toEqual({ name: 'a\ufffdb' });
  });

  test('carriage returns and line breaks survive in text and attributes', () => {
    const vm = { id: 'a\r\nb\tc', description: 'one\r\ntwo\r', initialization: { custom_script: '#cloud-config\n  x: "y"\n' } };

    expect(readResource('vm', writeResource('vm', vm, 'xml'))).toEqual(vm);
  });

  test('dates are ISO-8601 with offset in XML and milliseconds in JSON', () => {
    expect(writeResource('backup', { creation_date: 1_767_225_600_000 }, 'xml')).toContain(
      '<creation_date>2026-01-01T00:00:00.000+00:00</creation_date>',
    );
    expect(writeResource('backup', { creation_date: 1_767_225_600_000 }, 'json')).toBe('{"creation_date":1767225600000}');
  });

  test('JSON has booleans and sizes as strings, and names its lists', () => {
    const json = writeResource(
      'vm',
      {
        memory: 1_073_741_824,
        stateless: false,
        disk_attachments: [{ id: 'd', active: true }],
        actions: [{ href: '/s', rel: 'start' }],
        tags: [],
      },
      'json',
    );

    expect(JSON.parse(json)).toEqual({
      memory: '1073741824',
      stateless: 'false',
      disk_attachments: { disk_attachment: [{ id: 'd', active: 'true' }] },
      actions: { link: [{ href: '/s', rel: 'start' }] },
      tags: { tag: [] },
    });
  });

  test('the status of a machine comes before every nested status', () => {
    const vm = { id: 'v', status: 'up', disk_attachments: [{ disk: { id: 'd', status: 'ok' } }], snapshots: [{ status: 'down' }] } as const;

    expect(/<status>(.*?)<\/status>/.exec(writeResource('vm', vm, 'xml'))?.[1]).toBe('up');
  });
});

describe('tolerant input', () => {
  test('a transfer as backup tools send it, with junk and a backup without id', () => {
    const body = `{"active":false,"direction":"upload","format":"cow","inactivity_timeout":3600,"phase":"cancelled","shallow":false,
      "transferred":0,"link":[],"disk":{"id":"7b"},"image":{},"backup":{"creation_date":0}}`;

    const transfer = readResource('image_transfer', body);

    expect(transfer).toMatchObject({
      active: false,
      direction: 'upload',
      format: 'cow',
      inactivity_timeout: 3600,
      phase: 'cancelled',
      transferred: 0,
    });
    expect(transfer.disk).toEqual({ id: '7b' });
    expect(transfer).not.toHaveProperty('backup');
    expect(transfer).not.toHaveProperty('image');
  });

  test('a reference without id is absent in XML as well', () => {
    const xml =
      '<image_transfer><backup><creation_date>1970-01-01T00:00:00Z</creation_date></backup><disk id="7b"/><image/></image_transfer>';

    expect(readResource('image_transfer', xml)).toEqual({ disk: { id: '7b' } });
  });

  test('null, empty text and empty objects are absent, unknown keys are passed over', () => {
    expect(readResource('vm', '{"name":"","description":null,"cpu":{},"cluster":{"id":null},"nonsense":{"a":[1]},"memory":""}')).toEqual(
      {},
    );
    expect(readResource('vm', '<vm><name></name><cpu><topology/></cpu><nonsense a="1"/><memory> </memory></vm>')).toEqual({});
  });

  test.each([
    ['strings', '{"memory":"4294967296","stateless":"true","cpu":{"topology":{"sockets":"2"}}}'],
    ['numbers and booleans', '{"memory":4294967296,"stateless":true,"cpu":{"topology":{"sockets":2}}}'],
    ['XML', '<vm><memory> 4294967296 </memory><stateless>1</stateless><cpu><topology><sockets>2</sockets></topology></cpu></vm>'],
  ])('numbers and booleans as %s', (_, body) => {
    expect(readResource('vm', body)).toEqual({ memory: 4_294_967_296, stateless: true, cpu: { topology: { sockets: 2 } } });
  });

  test.each([
    ['2026-06-01T12:34:56.789+02:00', 1_780_310_096_789],
    ['2026-06-01T10:34:56.789Z', 1_780_310_096_789],
    ['2026-06-01T10:34:56', 1_780_310_096_000],
    ['2026-06-01T10:34:56+0000', 1_780_310_096_000],
    ['1780310096789', 1_780_310_096_789],
  ])('the date %s', (text, ms) => {
    expect(readResource('event', `<event><time>${text}</time></event>`)).toEqual({ time: ms });
    expect(readResource('event', JSON.stringify({ time: text }))).toEqual({ time: ms });
  });

  test.each([
    '{"disks":{"disk":[{"id":"a"},{"id":"b"}]}}',
    '{"disks":[{"id":"a"},{"id":"b"},{}]}',
    '<backup><disks><disk id="a"/><disk><id>b</id></disk><disk/></disks></backup>',
  ])('a list as %s', (body) => {
    expect(readResource('backup', body)).toEqual({ disks: [{ id: 'a' }, { id: 'b' }] });
  });

  test('a single object stands for a list of one', () => {
    expect(readResource('backup', '{"disks":{"disk":{"id":"a"}}}')).toEqual({ disks: [{ id: 'a' }] });
  });

  test('enum values in any case', () => {
    expect(readResource('disk', '{"format":"RAW","interface":"VirtIO"}')).toEqual({ format: 'raw', interface: 'virtio' });
  });

  test('an object in a wrapper of its own name', () => {
    expect(readResource('backup', '{"backup":{"id":"a"}}')).toEqual({ id: 'a' });
    expect(readResource('disk', '{"disk":{"name":"a"}}')).toEqual({ name: 'a' });
  });

  test('content decides, not its declared type', () => {
    expect(readResource('tag', '  <tag><name>gold</name></tag>', { contentType: 'application/json' })).toEqual({ name: 'gold' });
    expect(readResource('tag', '\ufeff {"name":"gold"}', { contentType: 'application/xml' })).toEqual({ name: 'gold' });
    expect(readResource('tag', new TextEncoder().encode('\ufeff<tag><name>gold</name></tag>'))).toEqual({ name: 'gold' });
  });

  test('an empty body is an empty action and nothing else', () => {
    expect(readResource('action', ' \n')).toEqual({});
    expect(readResource('action', '<action />')).toEqual({});
    expect(() => readResource('vm', '')).toThrow(expect.objectContaining({ code: 'OVIRT_WIRE_BAD_XML' }));
    expect(() => readResource('vm', '', { contentType: 'application/json' })).toThrow(
      expect.objectContaining({ code: 'OVIRT_WIRE_BAD_JSON' }),
    );
  });

  test('unknown enum values pass only where asked for', () => {
    expect(readResource('vm', '<vm><status>dreaming</status></vm>', { openEnums: true })).toEqual({ status: 'dreaming' });
    expect(() => readResource('vm', '<vm><status>dreaming</status></vm>')).toThrow(
      expect.objectContaining({ code: 'OVIRT_WIRE_BAD_VALUE', detail: expect.objectContaining({ reason: 'Invalid enum value' }) }),
    );
  });

  test.each([
    ['a word for a number', '{"memory":"much"}', 'vm.memory is not a whole number: much'],
    ['a number that a double cannot hold', '{"memory":"9007199254740993"}', 'vm.memory is not a whole number: 9007199254740993'],
    ['a fraction of a byte', '{"memory":1.5}', 'vm.memory is not a whole number: 1.5'],
    ['a list for an object', '{"cluster":[{"id":"a"}]}', 'vm.cluster is not an object.'],
    ['an object for a name', '{"name":{"a":1}}', 'vm.name is not a single value.'],
    ['a word for a list', '{"nics":"x"}', 'vm.nics is not a list.'],
    ['a word for a boolean', '{"cpu":{"topology":{"sockets":1}},"stateless":"maybe"}', 'vm.stateless is not a boolean: maybe'],
  ])('%s is refused by name', (_, body, detail) => {
    expect(() => readResource('vm', body)).toThrow(
      expect.objectContaining({
        code: 'OVIRT_WIRE_BAD_VALUE',
        status: 400,
        publicText: detail,
        detail: expect.objectContaining({ reason: 'Invalid value' }),
      }),
    );
  });

  test('the root tells which of several types a body is', () => {
    expect(readAny(['vm', 'action'], '<action><status>complete</status></action>')).toEqual({
      type: 'action',
      value: { status: 'complete' },
    });
    expect(readAny(['vm', 'tag'], '{"tag":{"name":"a"}}')).toEqual({ type: 'tag', value: { name: 'a' } });
    expect(readAny(['vm', 'tag'], '{"name":"a"}')).toEqual({ type: 'vm', value: { name: 'a' } });
  });

  test('a list whose root is that of another type is refused', () => {
    expect(() => readCollection('vm', '<disks/>')).toThrow(expect.objectContaining({ code: 'OVIRT_WIRE_BAD_XML' }));
    expect(() => readCollection('vm', '{"vm":5}')).toThrow(expect.objectContaining({ code: 'OVIRT_WIRE_BAD_VALUE' }));
  });
});

test('collections are known by their path, their root and their items', () => {
  const of = new Map(COLLECTIONS.map((collection) => [collection.segment, `${collection.plural}/${collection.type}`]));

  expect(of.get('diskattachments')).toBe('disk_attachments/disk_attachment');
  expect(of.get('vnicprofiles')).toBe('vnic_profiles/vnic_profile');
  expect(of.get('schedulingpolicies')).toBe('scheduling_policies/scheduling_policy');
  expect(of.get('katelloerrata')).toBe('katello_errata/katello_erratum');
  expect(of.get('operatingsystems')).toBe('operation_systems/operating_system');
  expect(of.size).toBe(COLLECTIONS.length);
});

test('a segment may mean another type below hosts', () => {
  expect(collectionOf('numaNodes', 'vms')?.plural).toBe('vm_numa_nodes');
  expect(collectionOf('numanodes', 'hosts')?.plural).toBe('host_numa_nodes');
  expect(collectionOf('nics', 'hosts')?.type).toBe('host_nic');
  expect(collectionOf('nics', 'vms')?.type).toBe('nic');
});
