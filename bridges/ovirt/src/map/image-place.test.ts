import { readHost, readStoragePool, readVolume } from '@fairlead/cloudstack';
import { expect, test } from 'vitest';
import { seesPool, toHostRef, toImageFile } from './image-place.ts';

const pool = (fields: object) =>
  readStoragePool({
    id: 'pool-id',
    name: 'p',
    path: '/export/primary/',
    type: 'SharedMountPoint',
    scope: 'CLUSTER',
    clusterid: 'c1',
    zoneid: 'z1',
    ...fields,
  });
const volume = (path?: string) => readVolume({ id: 'v', name: 'v', state: 'Ready', path });
const host = (fields: object = {}) =>
  readHost({
    id: 'h',
    name: 'kvm1',
    state: 'Up',
    resourcestate: 'Enabled',
    type: 'Routing',
    ipaddress: '10.0.0.1',
    clusterid: 'c1',
    zoneid: 'z1',
    ...fields,
  });

test.each([
  ['SharedMountPoint', '/export/primary/abc'],
  ['Filesystem', '/export/primary/abc'],
  ['NetworkFilesystem', '/mnt/pool-id/abc'],
])('a volume in a pool of type %s is the file %s', (type, path) => {
  expect(toImageFile(volume('abc'), pool({ type }))).toEqual({ volumeId: 'v', path, format: 'qcow2' });
});

test.each([
  ['a pool of block devices', volume('abc'), pool({ type: 'RBD' })],
  ['a volume without file', volume(), pool({})],
  ['a path that leads out of the pool', volume('../etc/shadow'), pool({})],
  ['a path with a folder', volume('a/b'), pool({})],
  ['the pool itself', volume('..'), pool({})],
  ['a pool without folder', volume('abc'), pool({ path: undefined })],
])('ovirt 12.37: %s has no image file', (_what, found, place) => {
  expect(toImageFile(found, place)).toBeUndefined();
});

test.each([
  ['in its cluster', host(), pool({}), true],
  ['in another cluster', host({ clusterid: 'c2' }), pool({}), false],
  ['in the zone of a zone-wide pool', host({ clusterid: 'c2' }), pool({ scope: 'ZONE' }), true],
  ['in another zone', host({ zoneid: 'z2' }), pool({ scope: 'ZONE' }), false],
  ['with that local pool', host(), pool({ scope: 'HOST', ipaddress: '10.0.0.1' }), true],
  ['with another local pool', host(), pool({ scope: 'HOST', ipaddress: '10.0.0.2' }), false],
  ['that is down', host({ state: 'Down' }), pool({}), false],
  ['in maintenance', host({ resourcestate: 'Maintenance' }), pool({}), false],
])('ovirt 12.15: a host %s', (_what, one, place, sees) => {
  expect(seesPool(one, place)).toBe(sees);
});

test('a host is known by its address', () => {
  expect(toHostRef(host())).toEqual({ id: 'h', name: 'kvm1', addresses: ['10.0.0.1'] });
});
