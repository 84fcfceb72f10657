import { GatewayError } from '@fairlead/kernel/errors';
import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLOUDSTACK_OVF, ENGINE_OVF, envelope, hardware, PYTHON_OVF } from '../../../test/support/ovf-documents.ts';
import { type BiosType, MAX_OVF_BYTES, type OvfDescription, readOvf, writeOvf } from './index.ts';

const GIB = 1024 ** 3;
const OPTIONS = { exportDate: Date.UTC(2026, 5, 1, 10, 0, 0), snapshotId: 'snap-1' };

const MACHINE: OvfDescription = {
  id: '5e2f',
  name: 'web & <shop>',
  description: 'the "shop"',
  comment: 'sales/ROOT',
  creationDate: Date.UTC(2026, 0, 2, 3, 4, 5),
  osType: 'rhel_9x64',
  biosType: 'q35_secure_boot',
  vmType: 'desktop',
  cpu: { sockets: 2, cores: 3, threads: 2 },
  memory: 4 * GIB,
  minimumMemory: 2 * GIB,
  deleteProtected: true,
  highlyAvailable: true,
  stateless: false,
  timeZone: 'Etc/GMT',
  clusterName: 'East',
  templateId: 't1',
  templateName: 'Rocky 9',
  disks: [
    {
      id: 'vol-1',
      storageDomainId: 'pool-1',
      alias: 'root',
      description: 'boot disk',
      size: 20 * GIB,
      actualSize: 3 * GIB,
      format: 'cow',
      sparse: true,
      interface: 'virtio',
      boot: true,
      readOnly: false,
      shareable: false,
      incrementalBackup: true,
    },
    {
      id: 'vol-2',
      storageDomainId: 'pool-2',
      alias: 'data',
      size: GIB,
      actualSize: GIB,
      format: 'raw',
      sparse: false,
      interface: 'sata',
      boot: false,
      readOnly: true,
      shareable: true,
      incrementalBackup: false,
      diskOfferingId: 'doff-2',
    },
  ],
  nics: [
    {
      id: 'nic-1',
      name: 'nic1',
      mac: '02:00:4c:9d:00:01',
      networkName: 'prod',
      profileName: 'prod (sales)',
      interface: 'virtio',
      linked: true,
      networkId: 'net-1',
      ipAddress: '10.1.2.3',
    },
    { id: 'nic-2', name: 'nic2', mac: '02:00:4c:9d:00:02', networkName: 'lab', profileName: 'lab', interface: 'e1000', linked: false },
  ],
  owner: { accountId: 'acc-1', domainId: 'dom-1', projectId: 'proj-1' },
  cloud: {
    serviceOfferingId: 'off-1',
    guestOsId: 'os-1',
    guestOsName: 'Rocky Linux 9',
    userDataId: 'ud-1',
    affinityGroupIds: ['ag-1', 'ag-2'],
    keyPairs: ['ops'],
    details: [{ key: 'cpuNumber', value: '12' }],
  },
};

describe('our own documents', () => {
  test('come back as they were', () => {
    expect(readOvf(writeOvf(MACHINE, OPTIONS))).toEqual({ dialect: 'fairlead', description: MACHINE, warnings: [] });
  });

  test('ovirt 12.38: keep the firmware, whichever it is, whoever reads the ordinal', () => {
    const ordinals: Record<BiosType, number> = { cluster_default: 0, i440fx_sea_bios: 1, q35_sea_bios: 2, q35_ovmf: 3, q35_secure_boot: 4 };
    for (const [biosType, ordinal] of Object.entries(ordinals) as [BiosType, number][]) {
      const document = writeOvf({ ...MACHINE, biosType }, OPTIONS);

      expect(readOvf(document).description.biosType).toBe(biosType);
      expect(document).toContain(`<BiosType>${ordinal}</BiosType>`);
    }
  });

  test('have the parts that other readers look for', () => {
    const document = writeOvf(MACHINE, OPTIONS);

    expect(document).toContain('<File ovf:href="pool-1/vol-1" ovf:id="vol-1" ovf:size="4096" ovf:description="Active VM"');
    expect(document).toContain('<ExportDate>2026/06/01 10:00:00</ExportDate>');
    expect(document).toContain('<Info>12 CPU, 4096 Memory</Info>');
    expect(document).toContain('<rasd:AllocationUnits>MegaBytes</rasd:AllocationUnits><rasd:VirtualQuantity>4096</rasd:VirtualQuantity>');
    expect(document).toContain('ovf:vm_snapshot_id="snap-1"');
  });

  test('round sizes up to whole GiB', () => {
    const disks = MACHINE.disks.slice(0, 1).map((disk) => ({ ...disk, size: 3_758_096_384, actualSize: 1 }));
    const document = writeOvf({ ...MACHINE, disks }, OPTIONS);

    expect(readOvf(document).description.disks[0]).toMatchObject({ size: 4 * GIB, actualSize: GIB });
  });

  test('hold no detail that must not come back', () => {
    const details = [
      { key: 'extraconfig-1', value: 'x' },
      { key: 'Password', value: 'hunter2' },
      { key: 'memory', value: '4096' },
    ];
    const document = writeOvf({ ...MACHINE, cloud: { affinityGroupIds: [], keyPairs: [], details } }, OPTIONS);

    expect(document).not.toContain('hunter2');
    expect(readOvf(document).description.cloud?.details).toEqual([{ key: 'memory', value: '4096' }]);
  });

  test('of a machine about which little is known can be read', () => {
    const { description, dialect } = readOvf(writeOvf({ disks: [], nics: [] }, OPTIONS));

    expect(dialect).toBe('fairlead');
    expect(description).toMatchObject({ disks: [], nics: [], cpu: { sockets: 1, cores: 1, threads: 1 }, biosType: 'q35_sea_bios' });
    expect(description).not.toHaveProperty('owner');
    expect(description).not.toHaveProperty('memory');
  });
});

const COMMON = {
  id: '5e2f',
  name: 'web-01',
  description: 'the shop',
  creationDate: Date.UTC(2026, 0, 2, 3, 4, 5),
  osType: 'rhel_9x64',
  vmType: 'server',
  cpu: { sockets: 2, cores: 3, threads: 1 },
  memory: 2 * GIB,
  minimumMemory: GIB,
  deleteProtected: true,
  highlyAvailable: true,
  stateless: false,
  nics: [
    {
      id: 'nic-1',
      name: 'eth0',
      mac: '02:00:4c:9d:00:01',
      networkName: 'prod',
      profileName: 'prod-profile',
      interface: 'e1000',
      linked: false,
    },
  ],
};

describe('documents of others', () => {
  test('a real engine: the disk stands in fileRef, ordinals are its own', () => {
    const { dialect, description, warnings } = readOvf(ENGINE_OVF);

    expect({ dialect, warnings }).toEqual({ dialect: 'ovirt', warnings: [] });
    expect(description).toMatchObject({
      ...COMMON,
      biosType: 'q35_ovmf',
      clusterName: 'Default',
      templateId: '0000',
      owner: { accountId: '58ca604b' },
    });
    expect(description.disks).toEqual([
      {
        id: 'disk-1',
        alias: 'root',
        size: 20 * GIB,
        actualSize: 3 * GIB,
        format: 'cow',
        sparse: true,
        interface: 'virtio_scsi',
        boot: true,
        readOnly: false,
        shareable: false,
        incrementalBackup: true,
      },
    ]);
  });

  test("CloudStack's plug-in: its ordinals, its owner, its offerings, and none of its dangerous details", () => {
    const { dialect, description, warnings } = readOvf(CLOUDSTACK_OVF);

    expect(dialect).toBe('cloudstack');
    expect(description).toMatchObject({ ...COMMON, biosType: 'q35_ovmf', owner: { accountId: 'acc-1', domainId: 'dom-1' } });
    expect(description.disks).toMatchObject([
      { id: 'vol-1', storageDomainId: 'pool-1' },
      { id: 'vol-2', format: 'raw', sparse: false, interface: 'sata', boot: false, diskOfferingId: 'doff-2' },
    ]);
    expect(description.cloud).toEqual({
      serviceOfferingId: 'off-1',
      userDataId: 'ud-1',
      affinityGroupIds: ['ag-1'],
      keyPairs: [],
      details: [{ key: 'cpuNumber', value: '6' }],
    });
    expect(warnings).toEqual(['extraconfig-1', 'password', 'deployvm'].map((key) => `detail ${key} is not restored`));
    expect(JSON.stringify(warnings)).not.toContain('hunter2');
  });

  test('the older Python gateway: owner by name, the ordinals of the engine', () => {
    const { dialect, description } = readOvf(PYTHON_OVF);

    expect(dialect).toBe('ovirtapi');
    expect(description).toMatchObject({
      ...COMMON,
      biosType: 'q35_sea_bios',
      owner: { accountName: 'sales', domainId: 'dom-1', projectId: 'proj-1' },
      disks: [{ id: 'vol-1', storageDomainId: 'pool-1' }],
    });
    expect(description).not.toHaveProperty('cloud');
  });

  test.each([
    ['MegaBytes', '2048'],
    ['Megabytes', '2048'],
    ['MEGABYTES', '2048'],
    ['byte * 2^20', '2048'],
    ['byte*2^10', '2097152'],
    ['byte * 2^30', '2'],
    ['byte', '2147483648'],
    ['GigaBytes', '2'],
  ])('memory in %s', (unit, memory) => {
    expect(readOvf(envelope({ hardware: hardware({ unit, memory }) })).description.memory).toBe(2 * GIB);
  });

  test.each([
    [{ unit: 'cups' }, 'memory'],
    [{ memory: 'much' }, 'memory'],
    [{ memory: '9007199254740991' }, 'memory'],
    [{ unit: 'byte * 2^99' }, 'memory'],
    [{ sockets: '4096', cores: '4096' }, 'cpu'],
  ] as const)('%j cannot be and is passed over with a warning', (parts, field) => {
    const { description, warnings } = readOvf(envelope({ hardware: hardware(parts) }));

    expect(description).not.toHaveProperty(field);
    expect(warnings).toHaveLength(1);
  });

  test('processors without topology count by their quantity', () => {
    expect(readOvf(envelope({ hardware: hardware({ sockets: '', quantity: '8' }) })).description.cpu).toEqual({
      sockets: 8,
      cores: 1,
      threads: 1,
    });
  });

  test('a disk without size is passed over with a warning', () => {
    const { description, warnings } = readOvf(envelope({ disks: '<Disk ovf:diskId="a" ovf:fileRef="a/b"/><Disk ovf:size="1"/>' }));

    expect(description.disks).toEqual([]);
    expect(warnings).toEqual(['disk a has no id or no size', 'disk ? has no id or no size']);
  });
});

describe('ovirt 12.23: hostile documents', () => {
  test.each([
    ['nothing', ''],
    ['no XML', 'ovf'],
    ['another document', '<vm/>'],
    ['no machine', '<ovf:Envelope xmlns:ovf="x"/>'],
    ['a document type', `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>${ENGINE_OVF.replace(/^<\?.*?\?>/, '')}`],
    ['an entity', ENGINE_OVF.replace('web-01', '&nope;')],
    ['two roots', `${ENGINE_OVF}<x/>`],
    ['a cut document', ENGINE_OVF.slice(0, -20)],
  ])('%s', (_, document) => {
    expect(() => readOvf(document)).toThrow(expect.objectContaining({ code: 'OVIRT_WIRE_BAD_OVF', status: 400 }));
  });

  test('beyond its size, depth or number of elements', () => {
    expect(() => readOvf('x'.repeat(MAX_OVF_BYTES + 1))).toThrow(expect.objectContaining({ code: 'OVIRT_WIRE_TOO_LARGE', status: 413 }));
    expect(() => readOvf('<a>'.repeat(101))).toThrow(expect.objectContaining({ code: 'OVIRT_WIRE_TOO_DEEP' }));
    expect(() => readOvf(`<a>${'<b/>'.repeat(100_001)}</a>`)).toThrow(expect.objectContaining({ code: 'OVIRT_WIRE_TOO_LARGE' }));
  });

  test('any mutation is read or refused with one of our codes', async () => {
    const whole = fc.constantFrom(ENGINE_OVF, CLOUDSTACK_OVF, PYTHON_OVF, writeOvf(MACHINE, OPTIONS));
    const edits = fc.array(
      fc.record({ at: fc.nat(6000), length: fc.nat(30), put: fc.oneof(fc.string({ maxLength: 5 }), fc.stringMatching(/^\d{1,20}$/)) }),
      {
        minLength: 1,
        maxLength: 5,
      },
    );
    await fuzz(
      'ovirt.ovf',
      fc.tuple(whole, edits),
      ([document, changes]) => {
        const mutated = changes.reduce((text, { at, length, put }) => text.slice(0, at) + put + text.slice(at + length), document);
        try {
          const { description } = readOvf(mutated);
          for (const disk of description.disks) expect(Number.isSafeInteger(disk.size)).toBe(true);
        } catch (error) {
          if (!(error instanceof GatewayError)) throw error;
          expect(error.code).toMatch(/^OVIRT_WIRE_(BAD_OVF|TOO_DEEP)$/);
        }
      },
      { share: 5 },
    );
  });

  test('any description can be written and is read as a machine of ours', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    const any = fc.record({ name: text, description: text, osType: text, clusterName: text, owner: fc.record({ accountId: text }) });
    await fuzz('ovirt.ovf-written', any, (facts) => {
      expect(readOvf(writeOvf({ ...MACHINE, ...facts }, OPTIONS)).dialect).toBe('fairlead');
    });
  });
});
