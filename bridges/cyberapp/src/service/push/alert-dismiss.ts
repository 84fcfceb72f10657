import type { AlertRow } from '../../store/tables.ts';
import { type AlertParts, type AlertTask, ANSWERED, failed, isRefusal, SETTLED } from './alert-parts.ts';
import { changeRow } from './alert-rows.ts';
import { errorText } from './backoff.ts';

export type DismissOutcome = 'closed' | 'blocked' | 'none';

/**
 * Dismisses one alert of ours by its id; what is gone already is as good. May be repeated at any time.
 * @throws what concerns more than this alert, after it is written to the row; the reason of the signal
 */
export async function dismissAlert(parts: AlertParts, row: AlertRow, { client, signal }: AlertTask): Promise<DismissOutcome> {
  const { store, clock } = parts;
  signal.throwIfAborted();
  const taken = await changeRow(store, row, { inflight_op: 'dismiss', inflight_since_ms: clock.now() });
  if (taken === undefined) return 'none';
  try {
    if (taken.alert_id !== null) await client.alerts.dismiss(taken.alert_id, signal);
  } catch (error) {
    if (!isRefusal(error)) return await failed(parts, taken, error);
    await changeRow(store, taken, { ...SETTLED, state: 'blocked', last_error: errorText(error) });
    return 'blocked';
  }
  await changeRow(store, taken, { ...ANSWERED, state: 'closed', closed_ms: clock.now(), last_error: null });
  return 'closed';
}
