import { checkedId } from './ids.ts';
import { given } from './members.ts';
import type { AlertResource } from './options.ts';

/** What an alert tells people. */
export interface AlertDetails {
  readonly title: string;
  readonly category?: string;
  readonly description: string;
  /** Two columns; a field `url` becomes a link. */
  readonly fields: Readonly<Record<string, string>>;
}

/** An alert as it is raised. Its severity is that of its type. */
export interface AlertDraft {
  readonly type: string;
  readonly category?: string;
  readonly tenantId: string;
  readonly details: AlertDetails;
  /** RFC 3339. */
  readonly createdAt?: string;
  /** Who raises it, and which of its alerts it is: by both it is found again. */
  readonly source?: string;
  readonly sourceTimeStamp?: bigint;
  /** The workload it is about. */
  readonly resource?: { readonly id: string; readonly name: string };
}

/** Where a workload is named, and what is tried when that is refused (CyberApp 11.12). */
export function placesFrom(place: AlertResource): readonly AlertResource[] {
  return place === 'top' || place === 'both' ? [place, 'details', 'off'] : [place, ...(place === 'details' ? (['off'] as const) : [])];
}

/** What is sent. A severity never is: that of the type counts. */
export function alertBody(draft: AlertDraft, place: AlertResource): object {
  const { type, category, tenantId, details, createdAt, source, sourceTimeStamp, resource } = draft;
  const named = resource === undefined ? {} : { ResourceID: checkedId(resource.id), ResourceName: resource.name };
  return given({
    type,
    category,
    tenantID: checkedId(tenantId),
    createdAt,
    _source: source,
    _sourceTimeStamp: sourceTimeStamp,
    ...(place === 'top' || place === 'both' ? named : {}),
    details: { ...details, ...(place === 'details' || place === 'both' ? named : {}) },
  });
}

const SHORT = 200;
const MAX_FIELDS = 10;

/** For an alert that is too large. */
export function shortened({ title, category, description, fields }: AlertDetails): AlertDetails {
  const short = (text: string): string => (text.length > SHORT ? `${text.slice(0, SHORT).toWellFormed()}…` : text);
  const kept = Object.entries(fields).slice(0, MAX_FIELDS);
  return {
    title: short(title),
    ...(category === undefined ? {} : { category: short(category) }),
    description: short(description),
    fields: Object.fromEntries(kept.map(([name, value]) => [short(name), short(value)])),
  };
}
