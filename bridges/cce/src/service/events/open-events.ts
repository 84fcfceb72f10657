import type { BridgeContext } from '@fairlead/kernel/lifecycle';
import { EventRows } from '../../store/event-rows.ts';
import { EventHistory, type EventHistoryParts } from './event-history.ts';

/** The history of what is committed from now on, as rows of the store; disposing ends it. */
export function openEvents(
  { store, clock, log }: Pick<BridgeContext, 'store' | 'clock' | 'log'>,
  backend: EventHistoryParts['backend'],
): EventHistory {
  return new EventHistory({ rows: new EventRows(store), backend, clock, log });
}
