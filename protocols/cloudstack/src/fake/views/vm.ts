import type { Caller } from '../caller.ts';
import type { Cloud } from '../cloud.ts';
import type { Vm } from '../model.ts';
import { dateText } from '../time.ts';
import { nicView } from './nic.ts';
import { ownerView } from './owner.ts';
import { tagView } from './tag.ts';

/** The words that `details=` takes. */
export const VM_DETAILS = 'all group nics stats secgrp tmpl servoff diskoff backoff iso volume min affgrp vnfnics'.split(' ');

const READ_ONLY =
  'dataDiskController, rootDiskController, backupValidationCommandTimeout, backupValidationScreenshotWait, backupValidationBootTimeout';

/** An instance as this caller sees it, with the parts that `details` asks for. */
export function vmView(cloud: Cloud, caller: Caller, vm: Vm, details: ReadonlySet<string> = new Set(['all'])): object {
  const wants = (word: string) => details.has('all') || details.has(word);
  return {
    ...identityView(cloud, caller, vm),
    ...(wants('tmpl') ? templateView(vm) : {}),
    ...(wants('iso') ? { isos: [], isomaxcount: 1 } : {}),
    ...(wants('servoff') ? { serviceofferingid: vm.offering.id, serviceofferingname: vm.offering.name } : {}),
    ...diskOfferingView(cloud, vm),
    ...(wants('servoff') || wants('stats') ? { cpunumber: vm.cpu, cpuspeed: vm.speed, memory: vm.memoryMiB } : {}),
    ...(wants('stats') && vm.stats ? STATISTICS : {}),
    ...(wants('volume') && cloud.rootOf(vm) !== undefined ? { rootdeviceid: 0, rootdevicetype: 'ROOT' } : {}),
    ...constantView(cloud, caller, vm),
  };
}

const STATISTICS = {
  cpuused: '10%',
  networkkbsread: 32768,
  networkkbswrite: 16384,
  diskkbsread: 0,
  diskkbswrite: 0,
  memorykbs: 0,
  memoryintfreekbs: 0,
  memorytargetkbs: 0,
  diskioread: 0,
  diskiowrite: 0,
};

function identityView(cloud: Cloud, caller: Caller, vm: Vm): object {
  const onHost = vm.state === 'Running' || vm.state === 'Stopping';
  const host = vm.host ?? cloud.host;
  return {
    id: vm.id,
    name: vm.name,
    displayname: vm.displayname,
    ...ownerView(vm.owner),
    userid: vm.user.id,
    username: vm.user.username,
    created: dateText(vm.created),
    ...(vm.lastUpdated === undefined ? {} : { lastupdated: dateText(vm.lastUpdated) }),
    state: vm.state,
    haenable: vm.haEnable,
    zoneid: cloud.zone.id,
    zonename: cloud.zone.name,
    ...(onHost && caller.role === 'a' ? { hostid: host.id, hostname: host.name } : {}),
    ...(onHost ? { hostcontrolstate: 'Enabled' } : {}),
  };
}

function templateView(vm: Vm): object {
  const { template } = vm;
  return {
    templateid: template.id,
    templatename: template.name,
    templatetype: template.hidden ? 'SYSTEM' : 'BUILTIN',
    templateformat: 'QCOW2',
    templatedisplaytext: template.hidden ? 'Blank Template for KVM VM' : template.name,
    passwordenabled: false,
  };
}

/** The offering of the first disk that has one, in every variant. */
function diskOfferingView(cloud: Cloud, vm: Vm): object {
  const offering = cloud.volumesOf(vm).find((volume) => volume.offering !== undefined)?.offering;
  return offering === undefined ? {} : { diskofferingid: offering.id, diskofferingname: offering.name };
}

function constantView(cloud: Cloud, caller: Caller, vm: Vm): object {
  const admin = caller.role === 'a';
  const ip = vm.nics.find((nic) => nic.isDefault)?.ip;
  const job = cloud.jobs.pending.find((pending) => pending.plan.instance?.id === vm.id);
  return {
    guestosid: vm.osType.id,
    securitygroup: [],
    nic: vm.nics.map(nicView),
    hypervisor: 'KVM',
    ...(ip === undefined ? {} : { ipaddress: ip }),
    ...(admin ? { instancename: `i-${vm.owner.n}-${vm.n}-VM` } : {}),
    details: vm.details,
    ...(admin ? {} : { readonlydetails: READ_ONLY }),
    affinitygroup: [],
    ...(admin ? { displayvm: true } : {}),
    isdynamicallyscalable: false,
    deleteprotection: vm.deleteProtection,
    ostypeid: vm.osType.id,
    osdisplayname: vm.osType.description,
    ...(vm.boot === undefined ? {} : { bootmode: vm.boot.mode, boottype: vm.boot.type }),
    ...(cloud.rootOf(vm)?.pool === undefined ? {} : { pooltype: 'SharedMountPoint' }),
    receivedbytes: 0,
    sentbytes: 0,
    ...(admin ? { arch: 'x86_64' } : {}),
    tags: vm.tags.map((tag) => tagView(tag, { owner: vm.owner, id: vm.id, type: 'UserVm' }, true)),
    hasannotations: false,
    ...(job === undefined ? {} : { jobid: job.id, jobstatus: 0 }),
  };
}
