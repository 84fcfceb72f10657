import type { Facts } from './facts.ts';
import { iamOf } from './iam.ts';
import { serviceOf } from './service.ts';
import { domainState } from './states.ts';
import { compact, memberOf, textOf } from './values.ts';

/** What was read of a domain; `undefined` for what could not be. */
export interface DomainAnswers {
  readonly domain: unknown;
  readonly serviceInfos: unknown;
}

export function domainFacts(name: string, { domain, serviceInfos }: DomainAnswers): Facts {
  const iam = iamOf(memberOf(domain, 'iam'));
  const state = textOf(domain, 'state');
  return compact({
    displayName: iam.displayName ?? name,
    model: textOf(domain, 'offer'),
    state: domainState(state, textOf(domain, 'suspensionState')),
    rawState: state ?? '',
    service: serviceOf(serviceInfos),
    iam,
  });
}
