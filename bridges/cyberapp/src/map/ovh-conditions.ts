import type { InventoryFact, InventoryItem } from '@fairlead/kernel/services';
import { condition, type Fields, shortName } from './condition.ts';
import type { ConditionInput } from './conditions.ts';
import { factOf, wordOf } from './facts.ts';
import { momentOf, momentText, publicText, sinceText } from './text.ts';
import type { Condition } from './types.ts';
import { workloadOf } from './workload.ts';

const DAY = 86_400_000;

interface Server {
  readonly input: ConditionInput;
  readonly itemKey: string;
  readonly name: string;
  readonly facts: readonly InventoryFact[];
}

/** What is wrong with the servers and VPS of an organization (cyberapp 5.5). */
export function serverConditions(input: ConditionInput): Condition[] {
  return input.items.flatMap((item) => (workloadOf(item, 'ovh') === undefined ? [] : ofServer(input, item)));
}

function ofServer(input: ConditionInput, { key, name }: InventoryItem): Condition[] {
  const facts = input.view.facts.get(key) ?? [];
  const server = { input, itemKey: key, name: shortName(name, key), facts };
  return [...interventions(server), ...[unreachable(server), blocked(server), expiring(server)].filter((one) => one !== undefined)];
}

function about({ itemKey, name }: Server, code: Condition['code'], dedupKey = `${code}:${itemKey}`) {
  const of = (fields: Fields): Fields => ({ Server: name, ...fields });
  return { of, head: { dedupKey, code, source: 'ovh', itemKey } as const };
}

/** Tasks and planned work of OVHcloud. */
function interventions(server: Server): Condition[] {
  const open = server.facts.filter(({ code }) => code === 'task_open' || code === 'intervention_open');
  return open.map((fact) => {
    const { head, of } = about(server, 'server_intervention', `server_intervention:${server.itemKey}:${fact.value}`);
    const { function: work, status, planned } = fact.detail ?? {};
    const foreign = (text: unknown) => (typeof text === 'string' ? publicText(text, undefined) : undefined);
    const at = momentOf(planned);
    return condition({
      ...head,
      since: fact.since,
      title: `Work on ${server.name}`,
      description: 'OVHcloud works on this server, or is going to. It may not answer meanwhile.',
      fields: of({
        Work: foreign(work),
        Status: foreign(status),
        Planned: at === undefined ? undefined : momentText(at),
        Since: sinceText(fact.since),
        Number: String(fact.value),
      }),
    });
  });
}

function unreachable(server: Server): Condition | undefined {
  const fact = factOf(server.facts, 'state');
  if (fact === undefined || wordOf(server.facts, 'state') !== 'error') return undefined;
  const { head, of } = about(server, 'server_unreachable');
  return condition({
    ...head,
    since: fact.since,
    title: `${server.name} is in error`,
    description: 'OVHcloud says that this server is in error. It may not be reachable.',
    fields: of({ Since: sinceText(fact.since) }),
  });
}

function blocked(server: Server): Condition | undefined {
  const fact = factOf(server.facts, 'blocked');
  if (fact === undefined || fact.value === false) return undefined;
  const { head, of } = about(server, 'server_blocked');
  return condition({
    ...head,
    since: fact.since,
    title: `${server.name} is blocked`,
    description: 'OVHcloud has blocked this server because it seems to have been broken into. Look at it before it is set free.',
    fields: of({ Since: sinceText(fact.since) }),
  });
}

const UNPAID = new Set(['unpaid', 'pendingdebt']);

function expiring(server: Server): Condition | undefined {
  const { facts, input } = server;
  const ends = momentOf(factOf(facts, 'service_expires')?.value);
  const warnAt = ends === undefined ? undefined : ends - input.thresholds.service_expiry_days * DAY;
  const isEnding = warnAt !== undefined && input.now >= warnAt && factOf(facts, 'service_auto_renew')?.value === false;
  const debt = UNPAID.has(wordOf(facts, 'service_status') ?? '') ? factOf(facts, 'service_status') : undefined;
  if (!isEnding && debt === undefined) return undefined;
  const { head, of } = about(server, 'service_expiring');
  const since = Math.min(isEnding ? warnAt : Number.POSITIVE_INFINITY, debt?.since ?? Number.POSITIVE_INFINITY);
  return condition({
    ...head,
    since,
    title: debt === undefined ? `The service of ${server.name} ends soon` : `The service of ${server.name} is not paid`,
    description:
      debt === undefined
        ? 'This service is not renewed by itself. Renew it, or the server and what is on it are lost.'
        : 'A bill of this service is open. It is switched off when that is not paid.',
    fields: of({ Expires: ends === undefined ? undefined : momentText(ends) }),
  });
}
