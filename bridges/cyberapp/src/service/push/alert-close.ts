import type { AlertRow } from '../../store/tables.ts';
import { type AlertParts, ANSWERED, SETTLED } from './alert-parts.ts';
import { changeRow } from './alert-rows.ts';
import { errorText } from './backoff.ts';
import type { PushClient } from './push-client.ts';

/** Whether there is something at Acronis that can be dismissed. */
export function isClosable({ state, alert_id: id }: Pick<AlertRow, 'state' | 'alert_id'>): boolean {
  return id !== null && (state === 'open' || state === 'blocked' || state === 'closing');
}

/**
 * Dismisses an alert for an operator, as a person does at Acronis: while its condition stays true there is no new one. False when a run
 * has changed it meanwhile. @throws what the call throws; the alert is then as it was, and may have been dismissed
 */
export async function closeAlert(
  { store, clock }: Pick<AlertParts, 'store' | 'clock'>,
  row: AlertRow,
  client: Pick<PushClient, 'alerts'>,
  signal: AbortSignal,
): Promise<boolean> {
  if (row.alert_id === null || !isClosable(row)) return false;
  const taken = await changeRow(store, row, { inflight_op: 'dismiss', inflight_since_ms: clock.now() });
  if (taken === undefined) return false;
  try {
    await client.alerts.dismiss(row.alert_id, signal);
  } catch (error) {
    await changeRow(store, taken, { ...ANSWERED, last_error: errorText(error) });
    throw error;
  }
  const done = await changeRow(store, taken, { ...SETTLED, state: 'dismissed', dismissed_ms: clock.now() });
  return done !== undefined;
}
