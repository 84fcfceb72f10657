import { createHash } from 'node:crypto';
import type { WorkloadChange, WorkloadDraft } from '@fairlead/acronis';
import { workloadTypeCti } from '@fairlead/acronis/codec';
import type { Attribute, DesiredWorkload } from '../../map/types.ts';

/** A workload as it is sent, and as a row keeps it. */
export interface WorkloadContent {
  readonly type: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly allowed_actions: readonly string[];
  readonly enabled: boolean;
}

/** What an item is to look like, and the digest of all of it that is sent when it changes. */
export interface WantedContent {
  readonly content: WorkloadContent;
  readonly hash: string;
}

/** The key is in the attributes too: they are certain to survive (cyberapp 4.5). */
export function wantedContent(item: DesiredWorkload, app: string): WantedContent {
  const { name, enabled, itemKey } = item;
  const content: WorkloadContent = {
    type: workloadTypeCti(app, item.type),
    name,
    attributes: { ...item.attributes, fairlead_key: itemKey },
    allowed_actions: [],
    enabled,
  };
  return { content, hash: hashOf(content, item.volatile) };
}

/** SHA-256 over canonical JSON, in hexadecimal; without the attributes that change all the time (cyberapp 4.8). */
function hashOf(content: WorkloadContent, volatile: readonly string[]): string {
  const steady = Object.entries(content.attributes).filter(([name]) => !volatile.includes(name));
  const attributes = Object.fromEntries(steady);
  return createHash('sha256')
    .update(canonical({ ...content, attributes }))
    .digest('hex');
}

/** JSON with sorted keys and without white space. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

/** A row's `body`. */
export function readContent(body: string): WorkloadContent {
  return JSON.parse(body) as WorkloadContent;
}

export function draftOf(
  { type, name, attributes, enabled, allowed_actions }: WorkloadContent,
  key: string,
  tenantId: string,
): WorkloadDraft {
  return { type, name, attributes, enabled, allowedActions: allowed_actions, tenantId, externalId: key };
}

/** What has to be sent so that `sent` becomes `want`; all of it when nobody knows what Acronis has. */
export function changeBetween(sent: WorkloadContent | undefined, want: WorkloadContent): WorkloadChange {
  const { name, attributes, enabled, allowed_actions: allowedActions } = want;
  if (sent === undefined) return { name, attributes, enabled, allowedActions };
  return {
    ...(sent.name === name ? {} : { name }),
    ...(canonical(sent.attributes) === canonical(attributes) ? {} : { attributes }),
    ...(sent.enabled === enabled ? {} : { enabled }),
    ...(canonical(sent.allowed_actions) === canonical(allowedActions) ? {} : { allowedActions }),
  };
}

/** The same for people: `name: "a" -> "b"`. */
export function changeTexts(sent: WorkloadContent | undefined, want: WorkloadContent): readonly string[] {
  const [before, after] = [flat(sent), flat(want)];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => `${name}: ${before.get(name) ?? 'absent'} -> ${after.get(name) ?? 'absent'}`);
}

function flat(content: WorkloadContent | undefined): Map<string, string> {
  if (content === undefined) return new Map();
  const { name, enabled, attributes } = content;
  const members: [string, unknown][] = [
    ['name', name],
    ['enabled', enabled],
    ...Object.entries(attributes).map(([attribute, value]): [string, unknown] => [`attributes.${attribute}`, value]),
  ];
  return new Map(members.map(([member, value]) => [member, JSON.stringify(value)]));
}
