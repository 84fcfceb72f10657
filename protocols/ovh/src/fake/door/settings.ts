import type { Quota } from '../access/quota.ts';
import { asRow, type Json, type Row } from '../json.ts';
import { type ErrorStyle, refuse } from '../refusal.ts';
import type { FakeSettings } from '../settings.ts';

/** What `POST /_fake/settings` changes. */
export interface Changeable {
  readonly settings: FakeSettings;
  readonly quota: Quota;
}

const STYLES: readonly Json[] = ['legacy', 'current', 'both'] satisfies ErrorStyle[];

type Setter = (changeable: Changeable, value: Json) => boolean;

const SETTERS: Readonly<Record<string, Setter>> = {
  errorStyle: ({ settings }, value) => {
    if (!STYLES.includes(value)) return false;
    settings.errorStyle = value as ErrorStyle;
    return true;
  },
  autoValidateMs: ({ settings }, value) => setCount(settings, 'autoValidateMs', value),
  keysValidFor: ({ settings }, value) => setCount(settings, 'keysValidFor', value),
  tokenLifetime: ({ settings }, value) => setCount(settings, 'tokenLifetime', value),
  quota: ({ quota }, value) => {
    const { requests, seconds } = asRow(value) ?? {};
    if (value !== null && !(isCount(requests) && isCount(seconds))) return false;
    quota.settings = isCount(requests) && isCount(seconds) ? { requests, seconds } : undefined;
    return true;
  },
};

/** Takes over the members of a body; null takes one back. Throws a 400 when one is unknown or no such value, and changes nothing behind it. */
export function changeSettings(changeable: Changeable, body: Row): void {
  for (const [name, value] of Object.entries(body)) {
    if (!Object.hasOwn(SETTERS, name) || SETTERS[name]?.(changeable, value) !== true) throw refuse.badRequest(`${name} is no such setting`);
  }
}

/** A whole number of 0 or more. */
export function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function setCount(settings: FakeSettings, name: Exclude<keyof FakeSettings, 'errorStyle'>, value: Json): boolean {
  if (value !== null && !isCount(value)) return false;
  settings[name] = value ?? undefined;
  return true;
}
