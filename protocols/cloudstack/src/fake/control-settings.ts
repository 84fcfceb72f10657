import { ControlError } from './control-values.ts';
import type { CostSettings } from './costs.ts';
import type { Front } from './front.ts';
import { PROVIDER_SETTING } from './providers.ts';
import type { ThrottleLimit } from './throttle.ts';

/** A setting that can be seen and changed while the fake runs. */
interface Setting {
  readonly type: 'boolean' | 'number' | 'string' | 'object';
  /** Of an object: numbers that it has; `?` where one may be left out. */
  readonly fields?: readonly string[];
  readonly read: (front: Front) => unknown;
  readonly write: (front: Front, value: never) => void;
}

const SETTINGS: Readonly<Record<string, Setting>> = {
  enforceTimestamps: {
    type: 'boolean',
    read: ({ settings }) => settings.enforceTimestamps,
    write: ({ settings }, value: boolean) => Object.assign(settings, { enforceTimestamps: value }),
  },
  exportApis: {
    type: 'boolean',
    read: ({ cloud }) => cloud.features.exportApis,
    write: ({ cloud }, value: boolean) => Object.assign(cloud.features, { exportApis: value }),
  },
  backupFramework: {
    type: 'boolean',
    read: ({ cloud }) => cloud.features.backupFramework,
    write: ({ cloud }, value: boolean) => Object.assign(cloud.features, { backupFramework: value }),
  },
  backupProvider: {
    type: 'string',
    read: ({ cloud }) => cloud.zone.details[PROVIDER_SETTING] ?? 'dummy',
    write: ({ cloud }, value: string) => Object.assign(cloud.zone.details, { [PROVIDER_SETTING]: value }),
  },
  backupPollMs: {
    type: 'number',
    read: ({ cloud }) => cloud.backups.pollMs,
    write: ({ cloud }, value: number) => Object.assign(cloud.backups, { pollMs: value }),
  },
  transferUrl: {
    type: 'string',
    read: ({ cloud }) => (typeof cloud.backups.transferUrl === 'string' ? cloud.backups.transferUrl : 'a function'),
    write: ({ cloud }, value: string) => Object.assign(cloud.backups, { transferUrl: value }),
  },
  jobDelayMs: {
    type: 'number',
    read: ({ cloud }) => cloud.jobs.delayMs,
    write: ({ cloud }, value: number) => Object.assign(cloud.jobs, { delayMs: value }),
  },
  volumeStats: {
    type: 'boolean',
    read: ({ cloud }) => cloud.volumeStats,
    write: ({ cloud }, value: boolean) => Object.assign(cloud, { volumeStats: value }),
  },
  throttle: {
    type: 'object',
    fields: ['max', 'intervalMs'],
    read: ({ throttle }) => throttle.limit ?? null,
    write: ({ throttle }, value: ThrottleLimit | null) => throttle.set(value ?? undefined),
  },
  costs: {
    type: 'object',
    fields: ['scale?', 'cores?'],
    read: ({ costs }) => costs.settings ?? null,
    write: ({ costs }, value: CostSettings | null) => costs.set(value ?? undefined),
  },
};

/** All settings with their values. */
export function readSettings(front: Front): object {
  return Object.fromEntries(Object.entries(SETTINGS).map(([name, setting]) => [name, setting.read(front)]));
}

/** Changes some; `null` switches `throttle` and `costs` off. */
export function writeSettings(front: Front, values: Readonly<Record<string, unknown>>): void {
  const changes = Object.entries(values).map(([name, value]) => {
    const setting = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
    if (setting === undefined) throw new ControlError(400, `There is no setting ${name}; there are ${Object.keys(SETTINGS).join(', ')}`);
    if (!fits(setting, value)) throw new ControlError(400, `${name} is ${told(setting)}`);
    return () => setting.write(front, value as never);
  });
  for (const change of changes) change();
}

function fits({ type, fields = [] }: Setting, value: unknown): boolean {
  if (typeof value !== type) return false;
  if (type === 'number') return (value as number) >= 0;
  if (type !== 'object' || value === null) return true;
  const given = Object.entries(value as object);
  const known = given.every(([name, one]) => (fields.includes(name) || fields.includes(`${name}?`)) && typeof one === 'number' && one >= 0);
  return known && fields.every((field) => field.endsWith('?') || Object.hasOwn(value as object, field));
}

function told({ type, fields }: Setting): string {
  if (fields !== undefined) return `null, or an object of the numbers ${fields.join(', ')}`;
  return type === 'number' ? 'a number of 0 or more' : `a ${type}`;
}
