import type { Backup, ImageTransfer } from '../backup-rows.ts';
import type { Cloud } from '../cloud.ts';
import { dateText } from '../time.ts';

/** A backup; `volumes` is a text, an incremental one says `FULL` as well (fact 7 of the recordings). */
export function backupView(cloud: Cloud, backup: Backup): object {
  const { vm, owner, description, from } = backup;
  return {
    id: backup.id,
    name: backup.name,
    ...(description === undefined ? {} : { description }),
    virtualmachineid: vm.id,
    virtualmachinename: vm.name,
    type: 'FULL',
    created: dateText(backup.created),
    status: backup.status,
    volumes: '[]',
    accountid: owner.id,
    account: owner.name,
    domainid: owner.domain.id,
    domain: owner.domain.name,
    zoneid: cloud.zone.id,
    zone: cloud.zone.name,
    intervaltype: 'MANUAL',
    vmbackupofferingremoved: true,
    ...(from === undefined ? {} : { fromcheckpointid: from }),
    tocheckpointid: backup.to,
  };
}

export function transferView(transfer: ImageTransfer): object {
  const { backup } = transfer;
  return {
    id: transfer.id,
    ...(backup === undefined ? {} : { backupid: backup.id }),
    volumeid: transfer.volume.id,
    transferurl: transfer.url,
    phase: 'transferring',
    direction: transfer.direction,
    created: dateText(transfer.created),
  };
}
