import { addressOf, distinct } from './addresses.ts';
import type { Facts } from './facts.ts';
import { vpsHardware } from './hardware.ts';
import { iamOf } from './iam.ts';
import { serviceOf } from './service.ts';
import { vpsState } from './states.ts';
import { compact, compactOrNone, memberOf, someOf, textOf, textsIn } from './values.ts';

/** What was read of a VPS; `undefined` for what could not be. */
export interface VpsAnswers {
  readonly vps: unknown;
  readonly serviceInfos: unknown;
  readonly ips: unknown;
  readonly datacenter: unknown;
  readonly image: unknown;
}

export function vpsFacts(name: string, answers: VpsAnswers): Facts {
  const { vps, datacenter } = answers;
  const iam = iamOf(memberOf(vps, 'iam'));
  const model = memberOf(vps, 'model');
  const state = textOf(vps, 'state');
  return compact({
    displayName: textOf(vps, 'displayName') ?? iam.displayName ?? name,
    model: textOf(model, 'name') ?? textOf(model, 'offer'),
    state: vpsState(state),
    rawState: state ?? '',
    location: compactOrNone({
      datacenter: textOf(datacenter, 'name'),
      zone: textOf(vps, 'zone')?.replace(/^Region OpenStack:\s*/, ''),
      country: textOf(datacenter, 'country'),
    }),
    ips: someOf(distinct(textsIn(answers.ips).map((ip) => addressOf(ip, 'public')))),
    hardware: vpsHardware(vps),
    os: textOf(answers.image, 'name'),
    service: serviceOf(answers.serviceInfos),
    iam,
  });
}
