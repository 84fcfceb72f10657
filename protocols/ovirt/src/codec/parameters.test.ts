import { describe, expect, test } from 'vitest';
import {
  booleanParameter,
  cleanCorrelationId,
  followed,
  parseBoolean,
  parseFollow,
  parseMax,
  requireFields,
  splitMatrix,
} from './index.ts';

describe('booleans', () => {
  test.each(['true', 'T', 'yes', 'y', '1', ' TRUE '])('%s is true', (text) => {
    expect(parseBoolean(text)).toBe(true);
  });

  test.each(['false', 'f', 'NO', 'n', '0'])('%s is false', (text) => {
    expect(parseBoolean(text)).toBe(false);
  });

  test('a parameter may be absent, without value, or nonsense', () => {
    expect(booleanParameter('async', undefined)).toBeUndefined();
    expect(booleanParameter('async', '')).toBe(true);
    expect(booleanParameter('async', 'n')).toBe(false);
    expect(() => booleanParameter('async', 'perhaps')).toThrow(expect.objectContaining({ code: 'OVIRT_WIRE_BAD_VALUE' }));
  });
});

test.each([
  [undefined, undefined],
  ['', undefined],
  ['-1', undefined],
  ['0', 0],
  ['25', 25],
])('max=%s is %s', (text, expected) => {
  expect(parseMax(text)).toBe(expected);
});

test.each(['ten', '1.5', '99999999999999999999'])('max=%s is refused', (text) => {
  expect(() => parseMax(text)).toThrow(expect.objectContaining({ code: 'OVIRT_WIRE_BAD_VALUE' }));
});

test.each([
  ['a-b_C9', 'a-b_C9'],
  ['a b\r\nc: d', 'abcd'],
  ['x'.repeat(50), 'x'.repeat(36)],
  ['éé', undefined],
  [undefined, undefined],
])('correlation id %j', (text, expected) => {
  expect(cleanCorrelationId(text)).toBe(expected);
});

describe('matrix parameters', () => {
  test('are taken off wherever they stand', () => {
    const { path, parameters } = splitMatrix('/api/vms/5e;all_content=true;x/nics;from=1%2C2');

    expect(path).toBe('/api/vms/5e/nics');
    expect([...parameters]).toEqual([
      ['all_content', 'true'],
      ['x', ''],
      ['from', '1,2'],
    ]);
  });

  test('a path without any stays as it is', () => {
    expect(splitMatrix('/api/vms/a%20b')).toEqual({ path: '/api/vms/a%20b', parameters: new Map() });
  });

  test('a broken one is refused', () => {
    expect(() => splitMatrix('/api/vms;a=%zz')).toThrow(expect.objectContaining({ code: 'OVIRT_WIRE_BAD_VALUE' }));
  });
});

describe('follow', () => {
  test('makes a tree of links in any spelling', () => {
    const tree = parseFollow('disk_attachments.disk, diskattachments.Template,nics.reporteddevices,tags,');

    expect([...tree.keys()]).toEqual(['diskattachments', 'nics', 'tags']);
    expect([...(followed(tree, 'disk_attachments')?.keys() ?? [])]).toEqual(['disk', 'template']);
    expect(followed(followed(tree, 'nics'), 'reported_devices')).toEqual(new Map());
    expect(followed(tree, 'snapshots')).toBeUndefined();
    expect(followed(undefined, 'tags')).toBeUndefined();
  });

  test('nothing to follow', () => {
    expect(parseFollow(undefined).size).toBe(0);
    expect(parseFollow(' ').size).toBe(0);
  });

  test.each(['a..b', 'a.b c', '../x', `${'a.'.repeat(9)}a`, 'a,'.repeat(2000)])('%s is refused', (text) => {
    expect(() => parseFollow(text)).toThrow(expect.objectContaining({ code: 'OVIRT_WIRE_BAD_VALUE' }));
  });
});

describe('required fields', () => {
  test('are named in the words of the engine', () => {
    const refused = (detail: string) =>
      expect.objectContaining({
        code: 'OVIRT_WIRE_INCOMPLETE',
        status: 400,
        publicText: detail,
        detail: { reason: 'Incomplete parameters', detail },
      });

    expect(() => requireFields('vm', {}, ['name', 'cluster'])).toThrow(refused('Vm [name, cluster] required for add'));
    expect(() => requireFields('vm', { name: 'a' }, ['name', 'cluster'])).toThrow(refused('Vm [cluster] required for add'));
    expect(() => requireFields('disk_attachment', {}, ['disk'])).toThrow(refused('DiskAttachment [disk] required for add'));
    expect(() => requireFields('image_transfer', {}, [['disk', 'image', 'snapshot']])).toThrow(
      refused('ImageTransfer [disk|image|snapshot] required for add'),
    );
  });

  test('one of several is enough', () => {
    expect(() => requireFields('image_transfer', { image: { id: 'a' } }, [['disk', 'image', 'snapshot']])).not.toThrow();
  });
});
