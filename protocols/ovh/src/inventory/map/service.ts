import type { RecordService } from '../record.ts';
import { dayOf } from './days.ts';
import { compact, flagOf, memberOf, numberOf, textOf } from './values.ts';

/** Of `serviceInfos`; nothing where it has no id. */
export function serviceOf(infos: unknown): RecordService | undefined {
  const id = numberOf(infos, 'serviceId');
  if (id === undefined) return undefined;
  const renew = memberOf(infos, 'renew');
  return compact({
    id,
    status: textOf(infos, 'status') ?? 'unknown',
    created: dayOf(memberOf(infos, 'creation')),
    expires: dayOf(memberOf(infos, 'expiration')),
    autoRenew: flagOf(renew, 'automatic'),
    period: numberOf(renew, 'period'),
    engagedUpTo: dayOf(memberOf(infos, 'engagedUpTo')),
    contacts: contactsOf(infos),
  });
}

function contactsOf(infos: unknown): RecordService['contacts'] {
  const admin = textOf(infos, 'contactAdmin');
  const billing = textOf(infos, 'contactBilling');
  const tech = textOf(infos, 'contactTech');
  return admin === undefined || billing === undefined || tech === undefined ? undefined : { admin, billing, tech };
}
