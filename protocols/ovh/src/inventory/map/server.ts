import type { OpenWork } from '../record.ts';
import { addressOf, distinct } from './addresses.ts';
import { instantOf } from './days.ts';
import type { Facts } from './facts.ts';
import { serverHardware } from './hardware.ts';
import { iamOf } from './iam.ts';
import { serviceOf } from './service.ts';
import { serverState } from './states.ts';
import { compact, compactOrNone, flagOf, memberOf, someOf, textOf, textsIn } from './values.ts';

/** What was read of a dedicated server; `undefined` for what could not be. */
export interface ServerAnswers {
  readonly server: unknown;
  readonly serviceInfos: unknown;
  readonly hardware: unknown;
  readonly ips: unknown;
  readonly macs: unknown;
  /** Those of them that are on the public network. */
  readonly publicMacs: unknown;
  readonly open: readonly OpenWork[] | undefined;
}

export function serverFacts(name: string, answers: ServerAnswers): Facts {
  const { server } = answers;
  const iam = iamOf(memberOf(server, 'iam'));
  const [state, power] = [textOf(server, 'state'), textOf(server, 'powerState')];
  const hostname = textOf(server, 'reverse')?.replace(/\.$/, '');
  const range = textOf(server, 'commercialRange');
  return compact({
    displayName: iam.displayName ?? hostname ?? name,
    hostname,
    model: textOf(answers.hardware, 'description') ?? range,
    state: serverState(state, power),
    rawState: [state, power].filter((word) => word !== undefined).join('/'),
    monitoring: flagOf(server, 'monitoring'),
    open: answers.open,
    location: compactOrNone({
      datacenter: textOf(server, 'datacenter'),
      rack: textOf(server, 'rack'),
      region: textOf(server, 'region'),
      zone: textOf(server, 'availabilityZone'),
    }),
    ips: someOf(addressesOf(textOf(server, 'ip'), textsIn(answers.ips))),
    macs: someOf(macsOf(textsIn(answers.macs), textsIn(answers.publicMacs))),
    hardware: serverHardware(answers.hardware),
    os: textOf(server, 'os'),
    service: serviceOf(answers.serviceInfos),
    iam,
  });
}

/** The server's own address first; the others as the API has them. */
function addressesOf(main: string | undefined, blocks: readonly string[]) {
  return distinct([addressOf(main, 'primary'), ...blocks.map((block) => addressOf(block, 'additional'))]);
}

/** Those of the public network first: the first one is what the world knows the server by. */
function macsOf(all: readonly string[], ofPublic: readonly string[]): string[] {
  const first = new Set(ofPublic.map(lower));
  const macs = all.map(lower);
  return [...new Set([...macs.filter((mac) => first.has(mac)), ...macs])];
}

function lower(text: string): string {
  return text.toLowerCase();
}

/** A task that is not over, of the list of its status; its own answer may be missing. */
export function openTask(id: string, status: string, task: unknown): OpenWork {
  return compact({
    kind: 'task' as const,
    id,
    status: textOf(task, 'status') ?? status,
    function: textOf(task, 'function'),
    planned: status === 'doing' ? undefined : instantOf(memberOf(task, 'startDate')),
  });
}

const OVER: ReadonlySet<string> = new Set(['done', 'cancelled', 'canceled', 'customererror', 'ovherror', 'finished']);

/** An intervention that is announced; nothing when it is over. */
export function plannedIntervention(id: string, row: unknown): OpenWork | undefined {
  const status = textOf(row, 'status') ?? 'planned';
  if (OVER.has(status.toLowerCase())) return undefined;
  const planned = instantOf(memberOf(row, 'wantedStartDate')) ?? instantOf(memberOf(row, 'date'));
  return compact({ kind: 'intervention' as const, id, status, function: textOf(row, 'type'), planned });
}

/** An intervention of the history, which also knows those to come; nothing when its date is past. */
export function futureIntervention(id: string, row: unknown, now: number): OpenWork | undefined {
  const planned = instantOf(memberOf(row, 'date'));
  if (planned === undefined || Date.parse(planned) <= now) return undefined;
  return plannedIntervention(id, row);
}
