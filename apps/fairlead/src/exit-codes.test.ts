import { OvirtWireError } from '@fairlead/ovirt';
import { expect, test } from 'vitest';
import { BackupError } from './backup/errors.ts';
import { CliError, ToldError } from './cli-errors.ts';
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
  ['a call of OVHcloud that is wrong in itself', ofOvh('OVH_INVALID_CALL'), 64],
  ['no keys for OVHcloud', ofOvh('OVH_CONFIGURATION'), 78],
  ['an endpoint that nobody knows', ofOvh('OVH_UNKNOWN_ENDPOINT'), 78],
  ['an account that cannot be used', ofOvh('OVH_BRIDGE_ACCOUNT'), 78],
  ['no consumer key', ofOvh('OVH_MISSING_CONSUMER_KEY'), 77],
  ['a wrong signature', ofOvh('OVH_INVALID_SIGNATURE', 400), 77],
  ['nobody logged in', ofOvh('OVH_UNAUTHENTICATED', 401), 77],
  ['a rule that is missing', ofOvh('OVH_NOT_GRANTED_CALL', 403), 77],
  ['an action under way', ofOvh('OVH_BUSY', 403), 1],
  ['an object that is not there', ofOvh('OVH_RESOURCE_NOT_FOUND', 404), 66],
  ['a parameter that the API does not take', ofOvh('OVH_BAD_PARAMETERS', 400), 1],
  ['too many calls', ofOvh('OVH_RATE_LIMIT', 429), 1],
  ['408', ofOvh('OVH_GATEWAY_TIMEOUT', 408), 69],
  ['a server that is ill', ofOvh('OVH_SERVER', 500), 69],
  ['no network', ofOvh('OVH_NETWORK'), 69],
  ['a deadline of a call', ofOvh('OVH_TIMEOUT'), 69],
  ['an answer that is no JSON', ofOvh('OVH_INVALID_RESPONSE', 200), 69],
  ['no time to sign with', ofOvh('OVH_TIME_SYNC'), 69],
  ['a refused service account', ofOvh('OVH_OAUTH2', 401), 77],
  ['a service account that is not known', ofOvh('OVH_OAUTH2', 400), 77],
  ['a token endpoint that is asked too often', ofOvh('OVH_OAUTH2', 429), 1],
  ['a portal that answers for the token endpoint', ofOvh('OVH_OAUTH2', 200), 69],
  ['a token endpoint that is ill', ofOvh('OVH_OAUTH2', 503), 69],
  ['a token endpoint that is away', ofOvh('OVH_OAUTH2'), 69],
  ['what was waited for and ended badly', ofOvh('OVH_WAIT_FAILED'), 1],
  ['an answer that is not complete', CliError('CLI_OVH_PARTIAL', { reason: 'x' }), 3],
  ['a raw answer of 503', CliError('CLI_OVH_REFUSED', { answered: 'x', status: 503 }), 69],
  ['a raw redirect', CliError('CLI_OVH_REFUSED', { answered: 'x', status: 302 }), 1],
  ['a profile that is not there', CliError('CLI_OVH_NOT_FOUND', { reason: 'x' }), 66],
  ['a file that cannot be written', CliError('CLI_OVH_FILE', { reason: 'x' }), 78],
  ['a rule that a key does not have', CliError('CLI_OVH_NOT_GRANTED', { rule: 'x' }), 77],
  ['an error that is told already', new ToldError('text', ofOvh('OVH_NETWORK')), 69],
  ['an error of no table', new Error('bug'), 1],
])('%s', (_what, error, code) => {
  expect(exitCodeOf(error)).toBe(code);
});

/** As the client throws it, seen from outside. */
function ofOvh(code: string, status?: number): Error {
  return Object.assign(new Error('refused'), { code, status });
}
