import type { AlertDraft, WorkloadDraft } from '@fairlead/acronis';
import { ALERT_TYPES } from '../../map/alert-types.ts';
import { workloadHash } from '../../map/content-hash.ts';
import { alertDraft, workloadDraft } from '../../map/drafts.ts';
import type { Condition, TenantDesire } from '../../map/types.ts';
import type { CyberappTables } from '../../store/tables.ts';
import { collectDesires, type DesireParts, type DesireProblem } from './collect.ts';

export interface PreviewParts extends DesireParts {
  /** Code of the CyberApp. */
  readonly app: string;
  /** `fairlead:<instance id>`: what alerts name as their source. */
  readonly alertSource: string;
}

export interface Preview {
  readonly tenantId: string;
  readonly datacenterId: string;
  readonly push: TenantDesire['push'];
  readonly workloads: readonly { readonly draft: WorkloadDraft; readonly hash: string }[];
  /** `waitMs`: how long its condition must still hold. */
  readonly alerts: readonly { readonly draft: AlertDraft; readonly waitMs: number }[];
}

/** What would be sent into the tenant of an organization; `preview` is undefined while nothing would: unmapped, dormant, suspended. */
export async function previewOrganization(
  parts: PreviewParts,
  organizationId: string,
  signal: AbortSignal,
): Promise<{ readonly preview: Preview | undefined; readonly problems: readonly DesireProblem[] }> {
  const { desires, problems } = await collectDesires({ ...parts, only: { organizationId } }, signal);
  const [desire] = desires;
  if (desire === undefined) return { preview: undefined, problems };
  const { tenantId, datacenterId, push } = desire;
  const live = await liveWorkloads(parts, tenantId);
  const now = parts.clock.now();
  const place = { app: parts.app, tenantId, source: parts.alertSource, openedMs: now };
  const preview = {
    ...{ tenantId, datacenterId, push },
    workloads: desire.workloads.map((workload) => {
      const draft = workloadDraft(workload, place);
      return { draft, hash: workloadHash(draft, workload.volatile) };
    }),
    alerts: desire.conditions.map((condition) => ({
      draft: alertDraft(condition, { ...place, resource: resourceOf(condition, live) }),
      waitMs: Math.max(0, condition.since + ALERT_TYPES[condition.code].holdMs - now),
    })),
  };
  return { preview, problems };
}

type Live = ReadonlyMap<string, { readonly id: string; readonly name: string }>;

function resourceOf({ itemKey }: Condition, live: Live) {
  return itemKey === undefined ? undefined : live.get(itemKey);
}

async function liveWorkloads({ store }: PreviewParts, tenantId: string): Promise<Live> {
  const rows = await store
    .tables<CyberappTables>()
    .selectFrom('cyberapp_workloads')
    .select(['item_key', 'workload_id', 'name'])
    .where('acronis_tenant_id', '=', tenantId)
    .where('state', '=', 'live')
    .execute();
  return new Map(rows.flatMap(({ item_key: key, workload_id: id, name }) => (id === null ? [] : [[key, { id, name }] as const])));
}
