import type { Event } from '@fairlead/ovirt/codec';
import type { EventRow } from '../store/write-tables.ts';
import type { Href } from './href.ts';
import { referenceOrNone } from './link.ts';

export type Severity = EventRow['severity'];

/** oVirt's codes of events that no engine has made itself. */
const CODES: Readonly<Record<Severity, number>> = { normal: 9800, warning: 9801, error: 9802, alert: 9803 };

export function eventCode(severity: Severity): number {
  return CODES[severity];
}

/** An event (ovirt 5.17). */
export function toEvent(row: EventRow, href: Href): Event {
  const id = String(row.id);
  return {
    id,
    href: href('events', id),
    description: row.description,
    code: row.code,
    correlation_id: row.correlation_id ?? undefined,
    custom_id: row.custom_id ?? undefined,
    index: row.id,
    origin: row.origin,
    severity: row.severity,
    time: row.time_ms,
    user: { name: row.user_id },
    vm: referenceOrNone(href, 'vms', row.vm_id ?? undefined),
  };
}
