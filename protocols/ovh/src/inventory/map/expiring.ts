import { dayOf, daysBetween } from './days.ts';
import { asId, compact, flagOf, memberOf, numberOf, textOf } from './values.ts';

/** A service that needs somebody's attention. */
export interface ExpiringService {
  /** The list it is in, as `/dedicated/server`; empty where that is not known. */
  readonly type: string;
  readonly name: string;
  readonly displayName: string;
  readonly serviceId?: number;
  /** A plain day, `2026-12-01`. */
  readonly expires?: string;
  /** From today to `expires`; negative: so many days ago. */
  readonly days?: number;
  /** In the API's words: `ok`, `active`, `expired`, `unPaid`, `pendingDebt` … */
  readonly status: string;
  readonly autoRenew?: boolean;
  /** `unpaid`: a bill is open, whatever the day. */
  readonly reason: 'expiring' | 'expired' | 'unpaid';
}

/** The day to compare with, and how many days after it matter; the last one does. */
export interface Horizon {
  readonly today: string;
  readonly days: number;
}

type Known = Omit<ExpiringService, 'days' | 'reason'>;

const UNPAID: ReadonlySet<string> = new Set(['unpaid', 'pendingdebt']);
const GONE: ReadonlySet<string> = new Set(['terminated', 'deleted']);

/** Of `GET /services/{serviceId}`; nothing when the service is neither near its end nor unpaid. */
export function fromService(id: string, service: unknown, horizon: Horizon): ExpiringService | undefined {
  const [billing, resource] = [memberOf(service, 'billing'), memberOf(service, 'resource')];
  const lifecycle = textOf(memberOf(memberOf(billing, 'lifecycle'), 'current'), 'state');
  const state = textOf(resource, 'state');
  if (GONE.has(lifecycle ?? '') || GONE.has(state ?? '')) return undefined;
  const mode = textOf(memberOf(memberOf(billing, 'renew'), 'current'), 'mode');
  const name = textOf(resource, 'name') ?? id;
  return judged(
    compact({
      type: textOf(memberOf(service, 'route'), 'path')?.replace(/\/\{[^{}]*\}.*$/, '') ?? '',
      name,
      displayName: textOf(resource, 'displayName') ?? name,
      serviceId: numberOf(service, 'serviceId'),
      expires: dayOf(memberOf(billing, 'expirationDate')),
      status: lifecycle ?? state ?? 'unknown',
      autoRenew: mode === undefined ? undefined : mode.startsWith('automatic'),
    }),
    horizon,
  );
}

/** Of the `serviceInfos` of a thing in one of the lists. */
export function fromServiceInfos(type: string, name: string, infos: unknown, horizon: Horizon): ExpiringService | undefined {
  return judged(
    compact({
      type,
      name,
      displayName: asId(memberOf(infos, 'domain')) ?? name,
      serviceId: numberOf(infos, 'serviceId'),
      expires: dayOf(memberOf(infos, 'expiration')),
      status: textOf(infos, 'status') ?? 'unknown',
      autoRenew: flagOf(memberOf(infos, 'renew'), 'automatic'),
    }),
    horizon,
  );
}

function judged(service: Known, { today, days: limit }: Horizon): ExpiringService | undefined {
  const days = service.expires === undefined ? undefined : daysBetween(today, service.expires);
  const reason = reasonOf(service.status.toLowerCase(), days, limit);
  if (reason === undefined) return undefined;
  return { ...service, ...(days === undefined ? {} : { days }), reason };
}

function reasonOf(status: string, days: number | undefined, limit: number): ExpiringService['reason'] | undefined {
  if (status === 'expired' || (days !== undefined && days < 0)) return 'expired';
  if (UNPAID.has(status)) return 'unpaid';
  return days !== undefined && days <= limit ? 'expiring' : undefined;
}

/** By day, then by list and name; those without a day first, as nobody knows how late it is. */
export function byDay(a: ExpiringService, b: ExpiringService): number {
  return compared(a.expires ?? '', b.expires ?? '') || compared(a.type, b.type) || compared(a.name, b.name);
}

function compared(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
