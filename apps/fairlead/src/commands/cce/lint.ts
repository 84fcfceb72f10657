import { relative } from 'node:path';
import { readSourceFiles } from '@fairlead/bridge-cce';
import { type LintFinding, parseBindings, type SourceFile } from '@fairlead/engine-cce';
import { loadSchema } from '@fairlead/engine-cce/schema';
import { CliError } from '../../cli-errors.ts';
import type { Output } from '../../output.ts';
import { shown } from './print-reply.ts';

/** Prints what is wrong in the `.schema` and `.conf` files of a folder. Throws `CLI_CCE_LINT` when there is an error, `CLI_USAGE` when there is no file. */
export async function lintFolder(folder: string, { json = false }: { readonly json?: boolean }, output: Output): Promise<void> {
  const [schemas, bindings] = await Promise.all([readSourceFiles(folder, '.schema'), readSourceFiles(folder, '.conf')]);
  if (schemas.length + bindings.length === 0) throw CliError('CLI_USAGE', { reason: `there is no .schema or .conf file below ${folder}` });
  const findings = [...(schemas.length > 0 ? loadSchema(schemas).findings : []), ...bindingFindings(bindings)];
  for (const finding of findings) output.print(json ? JSON.stringify(finding) : lineOf(finding, folder));
  const errors = findings.filter((one) => one.severity === 'error').length;
  if (errors > 0) throw CliError('CLI_CCE_LINT', { errors, files: schemas.length + bindings.length });
}

function bindingFindings(files: readonly SourceFile[]): readonly LintFinding[] {
  return files.length > 0 ? parseBindings(files).findings : [];
}

function lineOf({ severity, file, line, text }: LintFinding, folder: string): string {
  return `${severity}: ${relative(folder, file) || file}:${line}: ${shown(text)}`;
}
