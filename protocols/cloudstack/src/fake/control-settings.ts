import { ControlError } from './control-values.ts';
import type { CostSettings } from './costs.ts';
import type { Front } from './front.ts';
import { PROVIDER_SETTING } from './providers.ts';
import type { ThrottleLimit } from './throttle.ts';

/** A setting that can be seen and changed while the fake runs. */
interface Setting {
  readonly type: 'boolean' | 'number' | 'string' | 'object';
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
    read: ({ throttle }) => throttle.limit ?? null,
    write: ({ throttle }, value: ThrottleLimit | null) => throttle.set(value ?? undefined),
  },
  costs: {
    type: 'object',
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
    const wrong = value === undefined || typeof value !== setting.type || (setting.type === 'object' && !numbersOnly(value));
    if (wrong) throw new ControlError(400, `${name} is a ${setting.type}`);
    return () => setting.write(front, value as never);
  });
  for (const change of changes) change();
}

function numbersOnly(value: unknown): boolean {
  return value === null || Object.values(value as object).every((one) => typeof one === 'number' && one >= 0);
}
