import type { AlertDraft, WorkloadDraft } from '@fairlead/acronis';
import { alertCategoryCti, alertTypeCti, workloadTypeCti } from '@fairlead/acronis/codec';
import { ALERT_CATEGORIES, ALERT_TYPES } from './alert-types.ts';
import type { Condition, DesiredWorkload } from './types.ts';

export interface DraftPlace {
  /** Code of the CyberApp. */
  readonly app: string;
  readonly tenantId: string;
}

/** A workload as it is created at Acronis. */
export function workloadDraft(workload: DesiredWorkload, { app, tenantId }: DraftPlace): WorkloadDraft {
  const { itemKey, type, name, attributes, enabled } = workload;
  return { type: workloadTypeCti(app, type), name, attributes, tenantId, enabled, allowedActions: [], externalId: itemKey };
}

export interface AlertPlace extends DraftPlace {
  /** `fairlead:<instance id>`. */
  readonly source: string;
  /** What tells this alert from all others of ours; undefined in a preview. */
  readonly sourceStamp?: bigint | undefined;
  /** Milliseconds. */
  readonly openedMs: number;
  /** The workload it is about, as far as it is at Acronis. */
  readonly resource?: { readonly id: string; readonly name: string } | undefined;
}

/** An alert as it is raised at Acronis (cyberapp 5.5). */
export function alertDraft({ code, title, description, fields }: Condition, place: AlertPlace): AlertDraft {
  const { category } = ALERT_TYPES[code];
  const { app, tenantId, source, sourceStamp, openedMs, resource } = place;
  return {
    type: alertTypeCti(app, code),
    category: alertCategoryCti(app, category),
    tenantId,
    createdAt: new Date(openedMs).toISOString(),
    source,
    ...(sourceStamp !== undefined && { sourceTimeStamp: sourceStamp }),
    ...(resource !== undefined && { resource }),
    details: { title, category: ALERT_CATEGORIES[category], description, fields },
  };
}
