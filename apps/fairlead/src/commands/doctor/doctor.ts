import type { LoadedConfig } from '@fairlead/kernel/config';
import { CliError } from '../../cli-errors.ts';
import { loadConfiguration } from '../../compose/configuration.ts';
import { EXIT } from '../../exit-codes.ts';
import type { Output } from '../../output.ts';
import { examineCce } from './cce.ts';
import { examineCertificates } from './certificates.ts';
import { examineCloudStack } from './cloudstack.ts';
import { type Examination, type Finding, failed, ok, reasonOf, warning } from './finding.ts';
import { examineFolders } from './folders.ts';
import { examineOvh } from './ovh.ts';
import { examinePorts } from './ports.ts';
import { examinePrograms } from './programs.ts';
import { examineStore } from './store.ts';

const EXAMINATIONS: Readonly<Record<string, Examination>> = {
  configuration: async (config) => configurationFindings(config),
  folders: examineFolders,
  certificates: examineCertificates,
  store: examineStore,
  ports: examinePorts,
  programs: examinePrograms,
  cloudstack: examineCloudStack,
  cce: examineCce,
  ovh: examineOvh,
};

/** No examination takes longer. */
const LIMIT_MS = 20_000;

/** Prints what was found, one line each. Throws `FAIRLEAD_CONFIG` for a configuration with mistakes, `CLI_UNWELL` when something has failed. */
export async function examine(options: { readonly config?: string; readonly json?: boolean }, output: Output): Promise<void> {
  const config = loadConfiguration({ file: options.config });
  const findings: Finding[] = [];
  for (const [name, examination] of Object.entries(EXAMINATIONS)) {
    const found = await examination(config, AbortSignal.timeout(LIMIT_MS)).catch((error: unknown) => [
      failed(name, `cannot be checked: ${reasonOf(error)}`, { help: 'See the error reference for this code.' }),
    ]);
    for (const finding of found) printFinding(finding, options.json === true, output);
    findings.push(...found);
  }
  const bad = findings.filter((finding) => finding.state === 'failed');
  if (bad.length === 0) return;
  throw CliError('CLI_UNWELL', { failed: bad.length, checked: findings.length, exit: exitOf(bad) });
}

/** What keeps the gateway from starting counts more than what it cannot reach. */
const WORST_FIRST: readonly number[] = [EXIT.configuration, EXIT.notPermitted, EXIT.failed, EXIT.unreachable];

/** The exit code of findings that have failed. */
export function exitOf(findings: readonly Finding[]): number {
  return WORST_FIRST.find((code) => findings.some((finding) => finding.exit === code)) ?? EXIT.failed;
}

/** One line, and what to do. */
export function printFinding(finding: Finding, asJson: boolean, output: Output): void {
  const { what, state, text, help } = finding;
  if (asJson) output.print(JSON.stringify({ what, state, text, help }));
  else
    output.print(
      `${{ ok: 'ok     ', warning: 'warning', failed: 'FAILED ' }[state]}  ${what}: ${text}${help === undefined ? '' : `\n         ${help}`}`,
    );
}

function configurationFindings(config: LoadedConfig): readonly Finding[] {
  const where = config.file ?? 'no file';
  return [
    ok('configuration', `${where}: no mistakes`),
    ...config.warnings.map((text) => warning('configuration', text, 'Mend it when you can.')),
  ];
}
