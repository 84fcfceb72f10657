import type { Caller } from '../caller.ts';
import type { Cloud } from '../cloud.ts';
import type { Volume } from '../model.ts';
import { dateText } from '../time.ts';
import { ownerView } from './owner.ts';
import { tagView } from './tag.ts';

/** A volume as this caller sees it: only a root admin sees where it lies. */
export function volumeView(cloud: Cloud, caller: Caller, volume: Volume): object {
  const admin = caller.role === 'a';
  return {
    id: volume.id,
    name: volume.name,
    zoneid: cloud.zone.id,
    zonename: cloud.zone.name,
    type: volume.type,
    ...attachmentView(volume),
    provisioningtype: 'thin',
    size: volume.sizeBytes,
    created: dateText(volume.created),
    state: volume.state,
    ...ownerView(volume.owner),
    ...(admin ? { storagetype: 'shared', hypervisor: 'KVM' } : {}),
    ...offeringView(volume),
    ...(volume.attached === undefined ? {} : { attached: dateText(volume.attached) }),
    destroyed: volume.state === 'Destroy',
    isextractable: volume.type === 'DATADISK',
    ...(admin ? { displayvolume: true } : {}),
    ...(admin ? storageView(cloud, volume) : {}),
    quiescevm: false,
    supportsstoragesnapshot: false,
    deleteprotection: false,
    tags: volume.tags.map((tag) => tagView(tag, { owner: volume.owner, id: volume.id, type: 'Volume' }, true)),
    hasannotations: false,
  };
}

function attachmentView(volume: Volume): object {
  const { vm, template } = volume;
  const templateFields =
    template === undefined ? {} : { templateid: template.id, templatename: template.name, templatedisplaytext: template.name };
  if (vm === undefined) return templateFields;
  const statistics = volume.pool === undefined ? {} : { diskkbsread: 0, diskkbswrite: 0, diskioread: 0, diskiowrite: 0 };
  return {
    deviceid: volume.deviceId,
    virtualmachineid: vm.id,
    ...templateFields,
    vmname: vm.name,
    vmdisplayname: vm.displayname,
    vmstate: vm.state,
    vmtype: 'User',
    ...statistics,
  };
}

/** A root volume has its instance's offering instead of a disk offering. */
function offeringView(volume: Volume): object {
  if (volume.offering !== undefined) {
    const { id, name, displaytext } = volume.offering;
    return { diskofferingid: id, diskofferingname: name, diskofferingdisplaytext: displaytext };
  }
  const offering = volume.vm?.offering;
  if (offering === undefined) return {};
  return { serviceofferingid: String(offering.n), serviceofferingname: offering.name, serviceofferingdisplaytext: offering.name };
}

function storageView(cloud: Cloud, volume: Volume): object {
  if (volume.pool === undefined) return {};
  const { stats } = volume;
  const sizes = stats === undefined ? {} : { physicalsize: stats.physical, virtualsize: stats.virtual, utilization: '100.0%' };
  return {
    storage: volume.pool.name,
    path: volume.path,
    storageid: volume.pool.id,
    ...sizes,
    clusterid: cloud.cluster.id,
    clustername: cloud.cluster.name,
    podid: cloud.pod.id,
    podname: cloud.pod.name,
  };
}
