import { defineErrors } from '@fairlead/kernel/errors';

/** What the built-in backup client can meet, beside the errors of the APIs that it calls. */
export const BackupError = defineErrors({
  BACKUP_FOLDER_EXISTS: {
    status: 409,
    blame: 'caller',
    text: '{folder} exists already.',
    help: 'Name another folder with --to; a backup never overwrites one.',
  },
  BACKUP_NOT_A_BACKUP: {
    status: 404,
    blame: 'caller',
    text: '{folder} holds no finished backup: {reason}',
    help: 'Name the folder that holds a manifest.json written by `fairlead backup`.',
  },
  BACKUP_VM_NOT_FOUND: {
    status: 404,
    blame: 'caller',
    text: 'No virtual machine {name} is visible to this user.',
    help: 'Check the name; a VM of another account is not visible.',
  },
  BACKUP_VM_AMBIGUOUS: {
    status: 409,
    blame: 'caller',
    text: 'The name {name} stands for {count} virtual machines.',
    help: 'Give the id instead of the name.',
  },
  BACKUP_STORAGE_NOT_FOUND: {
    status: 404,
    blame: 'caller',
    text: 'No active storage domain {name} is visible to this user.',
    help: 'Name one with --storage; the API lists them under /storagedomains.',
  },
  BACKUP_FAILED: {
    status: 502,
    blame: 'upstream',
    text: 'The backup of {vm} failed: {reason}',
    help: 'Nothing was kept. The events of the gateway and its log say why.',
  },
  BACKUP_TRANSFER_FAILED: {
    status: 502,
    blame: 'upstream',
    text: 'The transfer of disk {disk} ended as {phase}.',
    help: 'The log of the gateway names the reason; begin again.',
  },
  BACKUP_EXTENTS_BROKEN: {
    status: 502,
    blame: 'upstream',
    text: 'The extents of disk {disk} do not cover it without gap and overlap.',
    help: 'Report this with the log of the image server: no backup is made from such a map.',
  },
  BACKUP_CHECKSUM_DIFFERS: {
    status: 500,
    blame: 'gateway',
    text: 'Disk {disk} differs: its checksum is {found}, the backup says {expected}.',
    help: 'The copy is not the disk that was backed up. Keep it for inspection and use another backup.',
  },
  BACKUP_PROGRAM_FAILED: {
    status: 500,
    blame: 'gateway',
    text: '{program} failed: {reason}',
    help: 'Install the Debian package qemu-utils and check the space of the target folder.',
  },
  BACKUP_INTERRUPTED: {
    status: 499,
    blame: 'caller',
    text: 'Interrupted.',
    help: 'What was begun has been taken back. Begin again when it suits.',
  },
  BACKUP_DEADLINE: {
    status: 504,
    blame: 'upstream',
    text: '{what} did not happen within {seconds} s.',
    help: 'Look at the state of the gateway (`/readyz`) and of CloudStack, then begin again.',
  },
});
