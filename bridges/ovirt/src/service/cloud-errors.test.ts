import { CloudStackError, type CloudStackErrorCode } from '@fairlead/cloudstack';
import { expect, test } from 'vitest';
import { fromCloud } from './cloud-errors.ts';

function refused(code: CloudStackErrorCode, errorCode: number | undefined, errorText?: string): CloudStackError {
  return new CloudStackError(code, 'refused', { command: 'listVolumes', errorCode, errorText });
}

const MASKED = 'Internal error executing command, please contact your system administrator';

test.each([
  ['CLOUDSTACK_UNREACHABLE', undefined, undefined, 503, 'OVIRT_CLOUDSTACK_UNREACHABLE'],
  ['CLOUDSTACK_BAD_ANSWER', undefined, undefined, 503, 'OVIRT_CLOUDSTACK_UNREACHABLE'],
  ['CLOUDSTACK_UNAUTHORIZED', 401, undefined, 401, 'OVIRT_UNAUTHORIZED'],
  ['CLOUDSTACK_NOT_OFFERED', 401, undefined, 403, 'OVIRT_FORBIDDEN'],
  ['CLOUDSTACK_REFUSED', 431, 'Unable to find volume', 404, 'OVIRT_NOT_FOUND'],
  ['CLOUDSTACK_REFUSED', 431, 'due to incorrect long value format, or entity does not exist', 404, 'OVIRT_NOT_FOUND'],
  ['CLOUDSTACK_REFUSED', 431, 'page is wrong', 400, 'OVIRT_BAD_REQUEST'],
  ['CLOUDSTACK_REFUSED', 432, 'not for you', 403, 'OVIRT_FORBIDDEN'],
  ['CLOUDSTACK_JOB_FAILED', 432, 'shrinking', 409, 'OVIRT_CLOUDSTACK_REFUSED'],
  ['CLOUDSTACK_REFUSED', 530, MASKED, 500, 'OVIRT_CLOUDSTACK_FAILED'],
  ['CLOUDSTACK_REFUSED', 530, 'Volume is in use', 409, 'OVIRT_CLOUDSTACK_REFUSED'],
  ['CLOUDSTACK_JOB_FAILED', 530, 'MAC is taken', 409, 'OVIRT_CLOUDSTACK_REFUSED'],
  ['CLOUDSTACK_JOB_FAILED', 431, 'has snapshots', 409, 'OVIRT_CLOUDSTACK_REFUSED'],
  ['CLOUDSTACK_REFUSED', 531, 'not yours', 403, 'OVIRT_FORBIDDEN'],
  ['CLOUDSTACK_REFUSED', 535, 'limit reached', 409, 'OVIRT_CLOUDSTACK_REFUSED'],
  ['CLOUDSTACK_JOB_FAILED', 533, 'no capacity', 409, 'OVIRT_CLOUDSTACK_REFUSED'],
  ['CLOUDSTACK_REFUSED', 411, undefined, 401, 'OVIRT_UNAUTHORIZED'],
  ['CLOUDSTACK_JOB_TIMEOUT', undefined, undefined, 500, 'OVIRT_CLOUDSTACK_FAILED'],
] as const)('%s %s "%s" is %i %s', (code, errorCode, text, status, own) => {
  expect(fromCloud(refused(code, errorCode, text))).toMatchObject({ status, code: own });
});

test('a throttled call says when to come again', () => {
  const error = new CloudStackError('CLOUDSTACK_RATE_LIMITED', 'slow down', { command: 'listVolumes', retryAfterMs: 1928 });

  expect(fromCloud(error)).toMatchObject({ status: 503, retryAfterS: 2 });
});

test('what is not CloudStack’s stays what it is', () => {
  const error = new TypeError('ours');

  expect(fromCloud(error)).toBe(error);
});
