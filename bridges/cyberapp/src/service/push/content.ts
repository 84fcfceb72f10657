import type { WorkloadChange, WorkloadDraft } from '@fairlead/acronis';
import { canonicalJson, workloadHash } from '../../map/content-hash.ts';
import { workloadDraft } from '../../map/drafts.ts';
import type { DesiredWorkload } from '../../map/types.ts';

/** A workload as it is sent, and as a row keeps it. */
export interface WorkloadContent {
  readonly type: string;
  readonly name: string;
  readonly attributes: WorkloadDraft['attributes'];
  readonly allowed_actions: readonly string[];
  readonly enabled: boolean;
}

/** What an item is to look like, and the digest of all of it that is sent when it changes. */
export interface WantedContent {
  readonly content: WorkloadContent;
  readonly hash: string;
}

export function wantedContent(item: DesiredWorkload, app: string, tenantId: string): WantedContent {
  const draft = workloadDraft(item, { app, tenantId });
  const { type, name, attributes, enabled, allowedActions = [] } = draft;
  const content = { type, name, attributes, allowed_actions: allowedActions, enabled };
  return { content, hash: workloadHash(draft, item.volatile) };
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
    ...(canonicalJson(sent.attributes) === canonicalJson(attributes) ? {} : { attributes }),
    ...(sent.enabled === enabled ? {} : { enabled }),
    ...(canonicalJson(sent.allowed_actions) === canonicalJson(allowedActions) ? {} : { allowedActions }),
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
