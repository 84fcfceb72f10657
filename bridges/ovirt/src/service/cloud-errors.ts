import { CloudStackError } from '@fairlead/cloudstack';
import type { GatewayError } from '@fairlead/kernel/errors';
import { OvirtError } from '../errors.ts';

/** The words by which CloudStack says that an id means nothing to it; only they tell it from other bad parameters (ovirt 2.7). */
const UNKNOWN_ID = /unable to find|due to incorrect long value format, or entity does not exist/i;
/** Root admins get the text of a plain refusal under 530; others a constant (ovirt 9.3). */
const MASKED = /internal error executing command/i;

const UNREACHABLE: ReadonlySet<string> = new Set([
  'CLOUDSTACK_UNREACHABLE',
  'CLOUDSTACK_TIMEOUT',
  'CLOUDSTACK_BAD_ANSWER',
  'CLOUDSTACK_RATE_LIMITED',
  'CLOUDSTACK_CLOSED',
]);

/** What happened to CloudStack, for each code that is no refusal of its own. */
const UNREACHABLE_TEXTS: Readonly<Record<string, string>> = {
  CLOUDSTACK_UNREACHABLE: 'no connection',
  CLOUDSTACK_TIMEOUT: 'no answer in time',
  CLOUDSTACK_BAD_ANSWER: 'it answered something that is not its API',
  CLOUDSTACK_RATE_LIMITED: 'too many calls',
  CLOUDSTACK_CLOSED: 'the gateway is stopping',
};

/** Signatures end ten minutes after they were made, by CloudStack's clock: it refuses them with the words of a wrong key. */
const NOT_ACCEPTED =
  'CloudStack does not accept the keys of this login any more, or its clock is more than ten minutes ahead of that of the gateway: both have to follow the same time (NTP)';

/** Turns an error of the CloudStack client into one of this bridge (table of ovirt 2.7); any other error stays what it is. */
export function fromCloud(error: unknown): unknown {
  if (!(error instanceof CloudStackError)) return error;
  if (UNREACHABLE.has(error.code)) return unreachable(error);
  switch (error.code) {
    case 'CLOUDSTACK_UNAUTHORIZED':
      return OvirtError('OVIRT_UNAUTHORIZED', { text: NOT_ACCEPTED }, { cause: error });
    case 'CLOUDSTACK_JOB_TIMEOUT':
      return OvirtError('OVIRT_CLOUDSTACK_FAILED', { text: 'the operation did not end in time; it may still end' }, { cause: error });
    case 'CLOUDSTACK_NOT_OFFERED':
      return OvirtError('OVIRT_FORBIDDEN', { text: `CloudStack does not offer ${error.command} to this user` }, { cause: error });
    default:
      return refusal(error);
  }
}

function unreachable(error: CloudStackError): GatewayError {
  const seconds = Math.ceil((error.retryAfterMs ?? 0) / 1000);
  const options = { cause: error, ...(seconds > 0 && { retryAfterS: seconds }) };
  return OvirtError('OVIRT_CLOUDSTACK_UNREACHABLE', { text: UNREACHABLE_TEXTS[error.code] ?? 'no answer' }, options);
}

function refusal(error: CloudStackError): GatewayError {
  const text = error.errorText ?? 'no reason was given';
  const isJob = error.code === 'CLOUDSTACK_JOB_FAILED';
  const options = { cause: error };
  switch (error.errorCode) {
    case 411:
      return OvirtError('OVIRT_UNAUTHORIZED', { text: 'two-factor authentication is required; use a service account' }, options);
    case 430:
    case 431:
      if (isJob) return OvirtError('OVIRT_CLOUDSTACK_REFUSED', { text }, options);
      return UNKNOWN_ID.test(text)
        ? OvirtError('OVIRT_NOT_FOUND', { id: error.command }, options)
        : OvirtError('OVIRT_BAD_REQUEST', { text }, options);
    case 432:
      return isJob ? OvirtError('OVIRT_CLOUDSTACK_REFUSED', { text }, options) : OvirtError('OVIRT_FORBIDDEN', { text }, options);
    case 531:
      return OvirtError('OVIRT_FORBIDDEN', { text }, options);
    case 532:
    case 533:
    case 534:
    case 535:
    case 536:
    case 537:
      return OvirtError('OVIRT_CLOUDSTACK_REFUSED', { text }, options);
    case 530:
      // The checks of most commands run in the job: a refusal there is a plain 530 (ovirt 2.7).
      if (isJob) return OvirtError('OVIRT_CLOUDSTACK_REFUSED', { text }, options);
      return MASKED.test(text)
        ? OvirtError('OVIRT_CLOUDSTACK_FAILED', { text: 'the reason is in its own log' }, options)
        : OvirtError('OVIRT_CLOUDSTACK_REFUSED', { text }, options);
    default:
      return OvirtError('OVIRT_CLOUDSTACK_FAILED', { text }, options);
  }
}
