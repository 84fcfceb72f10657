import { OvirtWireError } from '@fairlead/ovirt';
import { expect, test } from 'vitest';
import { BackupError } from './backup/errors.ts';
import { CliError } from './cli-errors.ts';
import { exitCodeOf } from './exit-codes.ts';

test.each([
  ['a checksum that differs', BackupError('BACKUP_CHECKSUM_DIFFERS'), 1],
  ['a program of this machine that fails', BackupError('BACKUP_PROGRAM_FAILED'), 1],
  ['an interruption', BackupError('BACKUP_INTERRUPTED'), 1],
  ['an init that would overwrite', CliError('CLI_INIT_EXISTS'), 1],
  ['wrong usage', CliError('CLI_USAGE', { reason: 'x' }), 64],
  ['an unknown VM', BackupError('BACKUP_VM_NOT_FOUND'), 66],
  ['a file that is not there', Object.assign(new Error('no such file'), { code: 'ENOENT' }), 66],
  ['a backup that failed in the gateway', BackupError('BACKUP_FAILED'), 69],
  ['a deadline', BackupError('BACKUP_DEADLINE'), 69],
  ['a gateway that is down', OvirtWireError('OVIRT_WIRE_UNREACHABLE'), 69],
  ['a fault of an ill gateway', OvirtWireError('OVIRT_WIRE_FAULT', { status: 503 }), 69],
  ['a login while CloudStack is down', OvirtWireError('OVIRT_WIRE_LOGIN_REFUSED', { status: 503 }), 69],
  ['a fault about the request', OvirtWireError('OVIRT_WIRE_FAULT', { status: 400 }), 1],
  ['a fault about the rights', OvirtWireError('OVIRT_WIRE_FAULT', { status: 403 }), 77],
  ['a wrong password', OvirtWireError('OVIRT_WIRE_LOGIN_REFUSED', { status: 400 }), 77],
  ['no password', CliError('CLI_PASSWORD_NEEDED'), 77],
  ['an error of no table', new Error('bug'), 1],
])('%s', (_what, error, code) => {
  expect(exitCodeOf(error)).toBe(code);
});
