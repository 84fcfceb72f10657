import { readFile } from 'node:fs/promises';
import { formatReport, type ScenarioName, scenarios } from '@fairlead/acronis/fake';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { CliError } from '../../cli-errors.ts';
import { EXIT } from '../../exit-codes.ts';
import type { Output } from '../../output.ts';
import { signerOf } from './drive-signer.ts';
import { stageOf } from './drive-stage.ts';

/** What the command line says of a play. */
export interface DriveOptions {
  readonly url: string;
  readonly login?: string;
  readonly passwordFile?: string;
  readonly second?: string;
  readonly stranger?: string;
  readonly sub?: string;
  readonly app: string;
  readonly ca?: string;
  readonly fake?: string;
  readonly keysPort: string;
  readonly datacenter: string;
  readonly reset?: true;
  readonly json?: true;
}

/** Accounts beside `--login` that a scenario cannot do without. */
const NEEDS: Readonly<Partial<Record<ScenarioName, readonly ('second' | 'stranger' | 'sub')[]>>> = {
  'change-credentials': ['second', 'stranger'],
  'two-partners': ['stranger'],
  'sub-partner': ['sub'],
};

/** Plays a scenario and prints what was looked at. Throws `CLI_USAGE` for words that do not fit, `CLI_UNWELL` when something was not good. */
export async function drive(name: string, options: DriveOptions, output: Output): Promise<void> {
  const scenario = scenarioOf(name, options);
  await using scope = new AsyncScope();
  const ca = options.ca === undefined ? undefined : await readFile(options.ca, 'utf8');
  const signer = await signerOf({ ...options, ca }, scope, output);
  const stage = await stageOf(scenario, options, { ca, signer });
  const report = await scenarios[scenario](stage);
  output.print(options.json === true ? JSON.stringify(report) : formatReport(report).trimEnd());
  if (report.ok) return;
  const failed = report.checks.filter(({ outcome }) => outcome === 'failed').length;
  throw CliError('CLI_UNWELL', { failed, checked: report.checks.length, exit: EXIT.failed });
}

function scenarioOf(name: string, options: DriveOptions): ScenarioName {
  const usage = (reason: string) => CliError('CLI_USAGE', { reason });
  if (!Object.hasOwn(scenarios, name)) throw usage(`scenarios are ${Object.keys(scenarios).join(', ')}`);
  if (name === 'full-story') throw usage('full-story needs a connector and what it shows: `./dev demo` plays it');
  const scenario = name as ScenarioName;
  const missing = (NEEDS[scenario] ?? []).find((one) => options[one] === undefined);
  if (missing !== undefined) throw usage(`${scenario} needs --${missing} <login:file>`);
  if (scenario !== 'mirrored' && options.login === undefined) throw usage(`${scenario} needs --login`);
  if (!URL.canParse(options.url)) throw usage('--url is a URL, as https://host:8444/callback');
  return scenario;
}
