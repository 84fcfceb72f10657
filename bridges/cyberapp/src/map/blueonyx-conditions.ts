import type { InventoryFact, InventoryItem } from '@fairlead/kernel/services';
import { serverKey } from './blueonyx-workload.ts';
import { condition, levelOf, nameRows, percentText, shortName } from './condition.ts';
import type { ConditionInput } from './conditions.ts';
import { factOf } from './facts.ts';
import { momentOf, momentText, sinceText } from './text.ts';
import type { Condition } from './types.ts';

const DAY = 86_400_000;

interface Site {
  readonly input: ConditionInput;
  readonly itemKey: string;
  readonly name: string;
  readonly facts: readonly InventoryFact[];
}

/** What is wrong with the web sites of an organization, and with the servers that they are on (cyberapp 5.5). */
export function siteConditions(input: ConditionInput): Condition[] {
  return [...input.items.flatMap((item) => ofSite(input, item)), ...unreachableServers(input)];
}

function ofSite(input: ConditionInput, { key, name }: InventoryItem): Condition[] {
  const facts = input.view.facts.get(key) ?? [];
  if (facts.length === 0) return [];
  const site = { input, itemKey: key, name: shortName(name, key), facts };
  return [certificate(site), quota(site), suspended(site)].filter((one) => one !== undefined);
}

/** A certificate that has ended is not about to end: one condition at a time. */
function certificate({ input, itemKey, name, facts }: Site): Condition | undefined {
  const fact = factOf(facts, 'certificate_ends');
  const ends = momentOf(fact?.value);
  if (fact === undefined || ends === undefined) return undefined;
  const warnAt = ends - input.thresholds.certificate_days * DAY;
  if (input.now < warnAt) return undefined;
  const isOver = input.now >= ends;
  const code = isOver ? 'certificate_expired' : 'certificate_expiring';
  return condition({
    ...{ dedupKey: `${code}:${itemKey}`, code, source: 'blueonyx', itemKey },
    since: isOver ? ends : warnAt,
    title: `Certificate of ${name} ${isOver ? 'has expired' : 'expires soon'}`,
    description: isOver
      ? `The certificate ended at ${momentText(ends)}. Browsers and mail programs refuse this site.`
      : `The certificate ends at ${momentText(ends)}. Renew it before, or browsers and mail programs will refuse this site.`,
    fields: { 'Web site': name, Expires: momentText(ends) },
  });
}

/** How far below the threshold a quota must fall to be near no more, in percent. */
const NEAR_STEP = 5;

function quota({ input, itemKey, name, facts }: Site): Condition | undefined {
  const used = factOf(facts, 'quota_used_share');
  if (typeof used?.value !== 'number') return undefined;
  const percent = input.thresholds.quota_near_percent;
  const levels = {
    near: { dedupKey: `disk_quota:near:${itemKey}`, raise: percent / 100, clear: Math.max(0, percent - NEAR_STEP) / 100 },
    full: { dedupKey: `disk_quota:exceeded:${itemKey}`, raise: 1, clear: 0.97 },
  };
  const level = levelOf(used.value, levels, input.isOpen);
  if (level === undefined) return undefined;
  const share = percentText(used.value);
  return condition({
    dedupKey: levels[level].dedupKey,
    code: level === 'full' ? 'disk_quota_exceeded' : 'disk_quota_near',
    source: 'blueonyx',
    itemKey,
    since: used.since,
    title: level === 'full' ? `Disk quota of ${name} is used up` : `Disk quota of ${name} is nearly used`,
    description: `${share} of the disk quota of this site is used. At 100 % it takes neither mail nor uploads.`,
    fields: { 'Web site': name, Used: share },
  });
}

function suspended({ itemKey, name, facts }: Site): Condition | undefined {
  const fact = factOf(facts, 'suspended');
  if (fact?.value !== true) return undefined;
  return condition({
    ...{ dedupKey: `site_suspended:${itemKey}`, code: 'site_suspended', source: 'blueonyx', itemKey },
    since: fact.since,
    title: `${name} is suspended`,
    description: 'This web site is suspended: its pages and mailboxes are switched off.',
    fields: { 'Web site': name, Since: sinceText(fact.since) },
  });
}

/** One for each server with sites of this organization; it lists those alone. */
function unreachableServers({ view, organization, items, thresholds, now }: ConditionInput): Condition[] {
  const sites = Map.groupBy(items, ({ key }) => serverKey(key) ?? '');
  return [...sites].flatMap(([key, there]) => {
    const silent = silentSince(view.facts.get(key), now, thresholds.source_error_after);
    if (silent === undefined) return [];
    const names = there.map((item) => shortName(item.name, item.key)).toSorted();
    return condition({
      dedupKey: `web_server_unreachable:${key.slice('bx:'.length)}:${organization.id}`,
      code: 'web_server_unreachable',
      source: 'blueonyx',
      since: silent,
      title: names.length === 1 ? 'The server of a web site does not answer' : `The server of ${names.length} web sites does not answer`,
      description: 'The server of these web sites has not answered for some time. What is shown of them is the last that is known.',
      fields: { Since: sinceText(silent), ...nameRows('Web sites', names) },
    });
  });
}

/** Since when a server is silent, if that is long enough to say so. Milliseconds. */
export function silentSince(facts: readonly InventoryFact[] = [], now: number, after: number): number | undefined {
  const silent = factOf(facts, 'host_silent');
  return silent !== undefined && silent.value !== false && now - silent.since >= after ? silent.since : undefined;
}
