import { type LintFinding, loadSchema, parseBindings } from '@fairlead/engine-cce';
import { readSourceFiles } from './source-files.ts';

/** What was read, and what is wrong with it. */
export interface FolderLint {
  readonly files: number;
  readonly findings: readonly LintFinding[];
}

/** Checks the `.schema` and `.conf` files of a folder (cce 2, 4.1). Rejects with the error of the file system when it cannot be read. */
export async function lintFolder(folder: string): Promise<FolderLint> {
  const [schemas, bindings] = await Promise.all([readSourceFiles(folder, '.schema'), readSourceFiles(folder, '.conf')]);
  return { files: schemas.length + bindings.length, findings: [...loadSchema(schemas).findings, ...parseBindings(bindings).findings] };
}
