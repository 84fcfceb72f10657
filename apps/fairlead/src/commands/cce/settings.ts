import { bridge, type CceSettings } from '@fairlead/bridge-cce';
import type { LoadedConfig } from '@fairlead/kernel/config';
import { loadConfiguration } from '../../compose/configuration.ts';

/** `[cce]` of the configuration; every key has its default when the section is not there. Throws `FAIRLEAD_CONFIG`. */
export function readCceSettings(file: string | undefined): CceSettings {
  return cceSettingsOf(loadConfiguration({ file }));
}

export function cceSettingsOf(config: LoadedConfig): CceSettings {
  return config.values(...bridge.config).cce;
}
