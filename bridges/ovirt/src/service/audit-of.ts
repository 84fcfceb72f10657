import type { AuditEntry } from '@fairlead/kernel/audit';
import type { RequestFacts } from './backups.ts';
import type { Caller } from './caller.ts';

type Who = Pick<AuditEntry, 'face' | 'actor' | 'correlationId' | 'address'>;

export const FACE = 'ovirt';

/** Who asks, for the audit. */
export function auditOf(caller: Caller, facts: RequestFacts): Who {
  return { face: FACE, actor: caller.userId, correlationId: facts.correlationId, address: facts.address };
}

/** Who had asked, when something ends later. */
export function auditOfRow(row: { readonly user_id: string; readonly correlation_id: string }): Who {
  return { face: FACE, actor: row.user_id, correlationId: row.correlation_id };
}
