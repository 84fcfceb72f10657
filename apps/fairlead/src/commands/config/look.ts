import { sampleConfig, showConfig } from '@fairlead/kernel/config';
import { bridges, sections } from '../../bridges.ts';
import { loadConfiguration } from '../../compose/configuration.ts';
import type { Output } from '../../output.ts';

/** Says which bridges are on; throws `FAIRLEAD_CONFIG` with every mistake. */
export function checkConfig(file: string | undefined, output: Output): void {
  const config = loadConfiguration({ file });
  const on = bridges.filter((bridge) => config.on(bridge.config)).map((bridge) => bridge.id);
  for (const warning of config.warnings) output.tell(`warning: ${warning}`);
  output.print(`${config.file ?? 'no file'}: no mistakes; bridges on: ${on.join(', ') || 'none'}`);
}

/** The configuration as it counts, secrets masked. */
export function printConfig(file: string | undefined, output: Output): void {
  output.print(showConfig(loadConfiguration({ file })).trimEnd());
}

/** A first file with every key. */
export function printSample(output: Output): void {
  output.print(sampleConfig(sections).trimEnd());
}
