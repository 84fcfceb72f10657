import { createHash } from 'node:crypto';
import type { AlertDraft, WorkloadDraft } from '@fairlead/acronis';

/**
 * What of a workload must differ to be sent again (cyberapp 4.8): SHA-256 in hex over canonical JSON of type, name, attributes without
 * those that are `volatile`, actions and whether it is enabled. Where it is, and our key, are no part of it.
 */
export function workloadHash(draft: WorkloadDraft, volatile: readonly string[] = []): string {
  const { type, name, enabled, allowedActions = [] } = draft;
  const attributes = Object.fromEntries(Object.entries(draft.attributes).filter(([member]) => !volatile.includes(member)));
  return hashOf({ type, name, attributes, allowed_actions: allowedActions, enabled });
}

/** What of an alert people can read, in the same form. */
export function alertHash({ type, category, details }: AlertDraft): string {
  return hashOf({ type, category, details });
}

function hashOf(value: object): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** JSON without white space, members sorted by UTF-16 units; members without a value are left out, as `JSON.stringify` does. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
}
