import { addressOf } from './addresses.ts';
import type { Facts } from './facts.ts';
import { iamOf } from './iam.ts';
import { asText, compact, compactOrNone, memberOf, textOf } from './values.ts';

/** A block of addresses: it runs while it is routed to something; parked it is stopped. */
export function ipFacts(block: string, row: unknown): Facts {
  const iam = iamOf(memberOf(row, 'iam'));
  const kind = textOf(row, 'type');
  const routedTo = textOf(memberOf(row, 'routedTo'), 'serviceName');
  const known = row !== undefined && kind !== undefined;
  const address = addressOf(block, kind ?? 'unknown');
  const regions: unknown = memberOf(row, 'regions');
  return compact({
    displayName: textOf(row, 'description') ?? iam.displayName ?? block,
    model: kind,
    ...stateOf(known, routedTo),
    location: compactOrNone({
      datacenter: textOf(row, 'campus'),
      region: asText(Array.isArray(regions) ? regions[0] : undefined),
      country: textOf(row, 'country'),
    }),
    ips: address === undefined ? undefined : [address],
    routedTo,
    iam,
  });
}

function stateOf(known: boolean, routedTo: string | undefined): Pick<Facts, 'state' | 'rawState'> {
  if (!known) return { state: 'unknown', rawState: '' };
  return routedTo === undefined ? { state: 'stopped', rawState: 'parked' } : { state: 'running', rawState: 'routed' };
}
