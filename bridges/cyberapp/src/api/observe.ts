import type { AuditEntry, AuditOutcome } from '@fairlead/kernel/audit';
import type { BridgeContext } from '@fairlead/kernel/lifecycle';
import { cyberappMetrics } from '../metrics.ts';
import type { Observed } from './face.ts';

/** Records every callback: who, what, where the decision fell, and what it changed (cyberapp 7.8). */
export function observer({ audit, metrics }: Pick<BridgeContext, 'audit' | 'metrics'>): (observed: Observed) => Promise<void> {
  const { callbacks, seconds, failures, unsigned, replays } = metrics.use(cyberappMetrics);
  return async (observed) => {
    const { outcome } = observed;
    const callback = outcome.callback?.name ?? 'none';
    callbacks.add({ callback, status: String(outcome.status) });
    seconds.observe({ callback }, observed.seconds);
    if (outcome.refusedAt !== undefined) failures.add({ step: outcome.refusedAt });
    if (outcome.isUnsigned === true && outcome.refusedAt === undefined) unsigned.add({});
    if (outcome.replayed) replays.add({});
    // Who is not listened to must not fill the store.
    if (outcome.refusedAt === 'address' && outcome.reason !== undefined) return;
    await audit.record(entryOf(observed));
  };
}

function entryOf({ address, outcome }: Observed): AuditEntry {
  const { callback, request, caller, datacenter, refusedAt, reason, replayed, facts, status, subject, login } = outcome;
  const context = request?.context;
  return {
    face: 'cyberapp',
    actor: caller?.user.login ?? login ?? '',
    action: `callback.${callback?.name ?? 'none'}`,
    object: caller?.organization.id,
    outcome: outcomeOf(status),
    correlationId: request?.requestId.toLowerCase(),
    address,
    detail: {
      status,
      step: refusedAt,
      reason,
      replayed: replayed || undefined,
      user: caller?.user.id,
      tenant: context?.tenantId,
      endpoint: context?.endpointId,
      datacenter: datacenter?.id,
      signed_by: subject,
      ...(callback === undefined && { asked: context?.callbackId }),
      ...facts,
    },
  };
}

function outcomeOf(status: number): AuditOutcome {
  if (status < 400) return 'ok';
  return status < 500 ? 'refused' : 'failed';
}
