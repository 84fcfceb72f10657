import type { Cloud } from '../cloud.ts';
import { SAMPLES } from '../data/samples.ts';
import type { Snapshot, Vm, VmSnapshot } from '../model.ts';
import { dateText } from '../time.ts';
import { ownerView } from './owner.ts';
import { tagView } from './tag.ts';

/** A snapshot of a volume. */
export function snapshotView(cloud: Cloud, snapshot: Snapshot): object {
  const { volume, owner } = snapshot;
  const os = volume.type === 'ROOT' ? (volume.vm?.osType ?? volume.template?.osType) : undefined;
  return {
    id: snapshot.id,
    ...ownerView(owner),
    volumeid: volume.id,
    volumename: volume.name,
    volumetype: volume.type,
    volumestate: volume.state,
    created: dateText(snapshot.created),
    name: snapshot.name,
    intervaltype: 'MANUAL',
    state: snapshot.state,
    physicalsize: 0,
    zoneid: cloud.zone.id,
    zonename: cloud.zone.name,
    revertable: false,
    ...(os === undefined ? {} : { ostypeid: os.id, osdisplayname: os.description }),
    virtualsize: snapshot.sizeBytes,
    tags: snapshot.tags.map((tag) => tagView(tag, { owner, id: snapshot.id, type: 'Snapshot' }, true)),
    hasannotations: false,
  };
}

/** A snapshot of an instance. */
export function vmSnapshotView(cloud: Cloud, vm: Vm, snapshot: VmSnapshot): object {
  const { parent: _parent, parentName: _name, current: _current, account: _account, ...rest } = SAMPLES.vmSnapshot;
  const { parent } = snapshot;
  return {
    ...rest,
    id: snapshot.id,
    name: `i-${vm.owner.n}-${vm.n}-VM_VS_${snapshot.n}`,
    ...(snapshot.description === undefined ? {} : { description: snapshot.description }),
    displayname: snapshot.displayname,
    state: snapshot.state,
    type: snapshot.type,
    created: dateText(snapshot.created),
    zoneid: cloud.zone.id,
    zonename: cloud.zone.name,
    virtualmachineid: vm.id,
    virtualmachinename: vm.displayname,
    ...ownerView(vm.owner),
    ...(parent === undefined ? {} : { parent: parent.id, parentName: parent.displayname }),
    current: snapshot.current,
  };
}
