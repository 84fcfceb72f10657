import { findConfigFile, type LoadedConfig, loadConfig, SecuritySection, ServerSection } from '@fairlead/kernel/config';
import { bridges, sections } from '../bridges.ts';

export interface ConfigurationOptions {
  /** `--config`. */
  readonly file?: string | undefined;
  /** Content of a file that exists only in memory: the demo's. */
  readonly text?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Reads the configuration of the whole product; throws `FAIRLEAD_CONFIG` with every mistake. */
export function loadConfiguration(options: ConfigurationOptions): LoadedConfig {
  const env = options.env ?? process.env;
  const file = options.text === undefined ? findConfigFile({ flag: options.file, env, cwd: process.cwd() }) : undefined;
  return loadConfig({
    file,
    text: options.text,
    env,
    sections,
    needed: [ServerSection, SecuritySection],
    groups: bridges.map((bridge) => bridge.config),
  });
}
