import { expect, test } from 'vitest';
import { readResource, type TypeName, writeResource } from './index.ts';

/** Bodies that clients send, each in both languages, and what they say. */
const REQUESTS: readonly [string, TypeName, xml: string, json: string, said: unknown][] = [
  [
    'backup',
    'backup',
    '<backup><from_checkpoint_id>ckp-1a2b3c4d</from_checkpoint_id><disks><disk id="7b0d"/><disk id="91ac"/></disks></backup>',
    '{"from_checkpoint_id":"ckp-1a2b3c4d","disks":{"disk":[{"id":"7b0d"},{"id":"91ac"}]}}',
    { from_checkpoint_id: 'ckp-1a2b3c4d', disks: [{ id: '7b0d' }, { id: '91ac' }] },
  ],
  [
    'restored machine',
    'vm',
    `<vm><name>web-01</name><cluster id="c7"/><cpu><topology><cores>1</cores><sockets>2</sockets><threads>1</threads></topology></cpu>
      <memory>4294967296</memory><bios><type>q35_ovmf</type></bios>
      <initialization><configuration><data>&lt;ovf:Envelope/&gt;</data><type>ovf</type></configuration></initialization></vm>`,
    `{"name":"web-01","cluster":{"id":"c7"},"cpu":{"topology":{"sockets":"2","cores":"1","threads":"1"}},"memory":"4294967296",
      "bios":{"type":"q35_ovmf"},"initialization":{"configuration":{"type":"ovf","data":"<ovf:Envelope/>"}}}`,
    {
      name: 'web-01',
      cluster: { id: 'c7' },
      cpu: { topology: { cores: 1, sockets: 2, threads: 1 } },
      memory: 4_294_967_296,
      bios: { type: 'q35_ovmf' },
      initialization: { configuration: { type: 'ovf', data: '<ovf:Envelope/>' } },
    },
  ],
  [
    'disk',
    'disk',
    `<disk><name>web-01_disk0</name><format>cow</format><provisioned_size>3758096384</provisioned_size><sparse>true</sparse>
      <storage_domains><storage_domain id="b2"/></storage_domains></disk>`,
    '{"name":"web-01_disk0","format":"cow","provisioned_size":"3758096384","sparse":"true","storage_domains":{"storage_domain":[{"id":"b2"}]}}',
    { name: 'web-01_disk0', format: 'cow', provisioned_size: 3_758_096_384, sparse: true, storage_domains: [{ id: 'b2' }] },
  ],
  [
    'disk attachment',
    'disk_attachment',
    '<disk_attachment><active>true</active><bootable>true</bootable><interface>virtio_scsi</interface><disk id="7b"/></disk_attachment>',
    '{"active":"true","bootable":true,"interface":"virtio_scsi","disk":{"id":"7b"}}',
    { active: true, bootable: true, interface: 'virtio_scsi', disk: { id: '7b' } },
  ],
  [
    'network card',
    'nic',
    '<nic><name>nic1</name><interface>virtio</interface><vnic_profile id="n1"/></nic>',
    '{"name":"nic1","interface":"virtio","vnic_profile":{"id":"n1"}}',
    { name: 'nic1', interface: 'virtio', vnic_profile: { id: 'n1' } },
  ],
  [
    'snapshot',
    'snapshot',
    '<snapshot><description>before backup</description><persist_memorystate>false</persist_memorystate></snapshot>',
    '{"description":"before backup","persist_memorystate":false}',
    { description: 'before backup', persist_memorystate: false },
  ],
  ['tag', 'tag', '<tag><name>gold</name></tag>', '{"name":"gold"}', { name: 'gold' }],
  ['action of old clients', 'action', '<action><async>false</async></action>', '{"async":"false"}', { async: false }],
];

test.each(REQUESTS)('the request of a %s says the same in both languages', (_, type, xml, json, said) => {
  expect(readResource(type, xml)).toEqual(said);
  expect(readResource(type, json)).toEqual(said);
});

test('the answer to a backup in JSON', () => {
  const ref = (path: string) => ({ href: `/ovirt-engine/api/${path}`, id: path.slice(path.lastIndexOf('/') + 1) });
  const backup = writeResource(
    'backup',
    {
      ...ref('vms/5e/backups/c1'),
      phase: 'initializing',
      creation_date: 1_767_225_600_000,
      modification_date: 1_767_225_600_000,
      from_checkpoint_id: 'ckp-1a2b3c4d',
      to_checkpoint_id: 'ckp-5e6f7a8b',
      host: ref('hosts/aa'),
      vm: ref('vms/5e'),
      link: [{ href: '/ovirt-engine/api/vms/5e/backups/c1/disks', rel: 'disks' }],
      actions: [{ href: '/ovirt-engine/api/vms/5e/backups/c1/finalize', rel: 'finalize' }],
    },
    'json',
  );

  expect(JSON.parse(backup)).toEqual({
    href: '/ovirt-engine/api/vms/5e/backups/c1',
    id: 'c1',
    phase: 'initializing',
    creation_date: 1767225600000,
    modification_date: 1767225600000,
    from_checkpoint_id: 'ckp-1a2b3c4d',
    to_checkpoint_id: 'ckp-5e6f7a8b',
    host: { href: '/ovirt-engine/api/hosts/aa', id: 'aa' },
    vm: { href: '/ovirt-engine/api/vms/5e', id: '5e' },
    link: [{ href: '/ovirt-engine/api/vms/5e/backups/c1/disks', rel: 'disks' }],
    actions: { link: [{ href: '/ovirt-engine/api/vms/5e/backups/c1/finalize', rel: 'finalize' }] },
  });
});

test('the answer to an image transfer in XML', () => {
  const at = '/ovirt-engine/api/imagetransfers/d0';
  const xml = writeResource(
    'image_transfer',
    {
      id: 'd0',
      href: at,
      host: { id: 'aa', href: '/ovirt-engine/api/hosts/aa' },
      disk: { id: '7b', href: '/ovirt-engine/api/disks/7b' },
      backup: { id: 'c1' },
      image: { id: '7b' },
      transfer_url: 'https://kvm1.example:54322/images/Zk',
      proxy_url: 'https://gw.example:54323/images/Zk',
      transferred: 0,
      shallow: false,
      timeout_policy: 'legacy',
      phase: 'transferring',
      inactivity_timeout: 3600,
      format: 'raw',
      direction: 'download',
      active: false,
      actions: [
        { href: `${at}/finalize`, rel: 'finalize' },
        { href: `${at}/cancel`, rel: 'cancel' },
      ],
    },
    'xml',
  );

  expect(xml.replace(/^.*\n/, '')).toBe(
    [
      `<image_transfer href="${at}" id="d0">`,
      `<actions><link href="${at}/finalize" rel="finalize"/><link href="${at}/cancel" rel="cancel"/></actions>`,
      '<active>false</active><direction>download</direction><format>raw</format>',
      '<inactivity_timeout>3600</inactivity_timeout><phase>transferring</phase>',
      '<proxy_url>https://gw.example:54323/images/Zk</proxy_url><shallow>false</shallow>',
      '<timeout_policy>legacy</timeout_policy>',
      '<transfer_url>https://kvm1.example:54322/images/Zk</transfer_url><transferred>0</transferred>',
      '<backup id="c1"/><disk href="/ovirt-engine/api/disks/7b" id="7b"/>',
      '<host href="/ovirt-engine/api/hosts/aa" id="aa"/><image id="7b"/>',
      '</image_transfer>',
    ].join(''),
  );
});

test('the answer to an action in XML', () => {
  const xml = writeResource(
    'action',
    { status: 'complete', job: { id: '9a', href: '/jobs/9a' }, vm: { id: '5e', href: '/vms/5e' } },
    'xml',
  );

  expect(xml).toContain('<action><job href="/jobs/9a" id="9a"/><status>complete</status><vm href="/vms/5e" id="5e"/></action>');
});
