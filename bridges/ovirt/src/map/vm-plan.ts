import type { Vm } from '@fairlead/ovirt';
import type { OvfReading } from '@fairlead/ovirt/codec';
import { OvirtError } from '../errors.ts';
import { toHostName } from './host-name.ts';
import type { OsWish } from './os-choice.ts';
import { staticAddress } from './static-address.ts';

/** What a restored VM keeps from its OVF for the steps that follow. */
export interface RestoreFacts {
  readonly nics: readonly { readonly networkId: string; readonly mac?: string | undefined; readonly ip?: string | undefined }[];
  /** For the first NIC of a worker. */
  readonly staticIp?: string | undefined;
  readonly diskOfferings: Readonly<Record<string, string>>;
  readonly diskCount: number;
}

/** A VM to be made, in CloudStack's words as far as they need no look at CloudStack (ovirt 5.7.3). */
export interface VmPlan {
  readonly name: string;
  readonly displayName: string;
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly offerings: readonly string[];
  readonly boot: { readonly boottype?: string; readonly bootmode?: string };
  readonly userdata: string | undefined;
  readonly details: Readonly<Record<string, string>>;
  readonly os: OsWish;
  readonly keyPairs: readonly string[];
  readonly owner: OvfReading['description']['owner'];
  readonly facts: RestoreFacts;
}

const MIB = 1024 * 1024;
const DEFAULT_MEMORY = 1024 * MIB;
const MOST_CPU = 4096;
/** Keys of details that are said by parameters of their own, or are CloudStack's business alone. */
const NOT_RESTORED = /^(uefi|bios|cpunumber|cpuspeed|memory|deployvm|extraconfig|internal|password|encrypted|restore\.config)/i;

/** Throws `OVIRT_INCOMPLETE`, `OVIRT_BAD_REQUEST`. */
export function planVm(body: Vm, ovf: OvfReading | undefined): VmPlan {
  if (body.name === undefined) throw OvirtError('OVIRT_INCOMPLETE', { type: 'Vm', fields: 'name', action: 'add' });
  const description = ovf?.description;
  const script = body.initialization?.custom_script;
  const isWorker = script !== undefined;
  const name = toHostName(body.name);
  return {
    name,
    displayName: name === body.name ? (body.description ?? body.name) : body.name,
    cpu: cpuOf(body, ovf),
    memoryMiB: memoryOf(body, ovf),
    offerings: [body.cpu_profile?.id, description?.cloud?.serviceOfferingId].filter((id) => id !== undefined),
    boot: bootOf(body.bios?.type ?? description?.biosType),
    userdata: script === undefined ? undefined : Buffer.from(script).toString('base64'),
    details: { ...restoredDetails(ovf), ...(isWorker && { 'guest.cpu.mode': 'host-passthrough' }) },
    os: {
      id: description?.cloud?.guestOsId,
      name: description?.cloud?.guestOsName,
      oVirtType: body.os?.type ?? description?.osType,
      isWorker,
    },
    keyPairs: description?.cloud?.keyPairs ?? [],
    owner: description?.owner,
    facts: factsOf(ovf, script),
  };
}

function cpuOf(body: Vm, ovf: OvfReading | undefined): number {
  const topology = body.cpu?.topology ?? ovf?.description.cpu;
  const cpu = (topology?.sockets ?? 1) * (topology?.cores ?? 1) * (topology?.threads ?? 1);
  if (cpu < 1 || cpu > MOST_CPU) throw OvirtError('OVIRT_BAD_REQUEST', { text: `A VM has 1 to ${MOST_CPU} CPU` });
  return cpu;
}

function memoryOf(body: Vm, ovf: OvfReading | undefined): number {
  const memory = body.memory ?? ovf?.description.memory ?? DEFAULT_MEMORY;
  if (memory <= 0) throw OvirtError('OVIRT_BAD_REQUEST', { text: 'A VM has more than 0 bytes of memory' });
  return Math.ceil(memory / MIB);
}

function bootOf(type: string | undefined): VmPlan['boot'] {
  if (type === 'q35_secure_boot') return { boottype: 'UEFI', bootmode: 'SECURE' };
  return type === 'q35_ovmf' ? { boottype: 'UEFI', bootmode: 'LEGACY' } : {};
}

function restoredDetails(ovf: OvfReading | undefined): Readonly<Record<string, string>> {
  const details = ovf?.description.cloud?.details ?? [];
  return Object.fromEntries(details.filter(({ key }) => !NOT_RESTORED.test(key)).map(({ key, value }) => [key, value]));
}

function factsOf(ovf: OvfReading | undefined, script: string | undefined): RestoreFacts {
  const { disks = [], nics = [] } = ovf?.description ?? {};
  return {
    nics: nics.flatMap((nic) => (nic.networkId === undefined ? [] : [{ networkId: nic.networkId, mac: nic.mac, ip: nic.ipAddress }])),
    staticIp: script === undefined ? undefined : staticAddress(script),
    diskOfferings: Object.fromEntries(disks.flatMap((disk) => (disk.diskOfferingId === undefined ? [] : [[disk.id, disk.diskOfferingId]]))),
    diskCount: disks.length,
  };
}
