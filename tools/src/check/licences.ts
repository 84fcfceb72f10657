import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check, CheckResult, Finding } from './check.ts';
import { asObject, asText, type JsonObject } from './json.ts';
import { dependenciesOf, type Package, readWorkspace } from './workspace.ts';

const LIST = 'THIRD-PARTY.md';
/** Columns of the list: package, what for, licence, size, maintainer, instead. */
const COLUMNS = 6;
/** An exact version: no range, no tag. */
const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

export const licencesCheck: Check = {
  name: 'licences',
  holds: `each run-time dependency has its line in ${LIST}, an exact version, and no install script`,
  async run({ root }) {
    const { packages } = await readWorkspace(root);
    const installed: Record<string, JsonObject> = {};
    for (const name of Object.keys(runTimeDependencies(packages))) installed[name] = await readInstalled(root, name);
    const lock = asObject(JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')));
    return checkLicences({ packages, list: await readFile(join(root, LIST), 'utf8'), installed, lock });
  },
};

export interface LicenceInput {
  readonly packages: readonly Package[];
  /** Text of THIRD-PARTY.md. */
  readonly list: string;
  /** Manifest of each run-time dependency, by name. */
  readonly installed: Readonly<Record<string, JsonObject>>;
  readonly lock: JsonObject;
}

export function checkLicences({ packages, list, installed, lock }: LicenceInput): CheckResult {
  const rows = readList(list);
  const needed = runTimeDependencies(packages);
  const findings: Finding[] = [];
  for (const [name, version] of Object.entries(needed)) {
    const row = rows.get(name);
    if (row === undefined) findings.push({ file: LIST, text: `${name} has no line` });
    else findings.push(...checkRow(name, row, asText(installed[name]?.license)));
    if (!EXACT.test(version)) findings.push({ text: `${name} has the version ${version}; write an exact one` });
  }
  for (const name of rows.keys()) {
    if (!(name in needed)) findings.push({ file: LIST, text: `${name} is listed, but no part depends on it at run time` });
  }
  findings.push(...checkLock(lock));
  return { findings, notes: [`${Object.keys(needed).length} run-time dependencies, ${rows.size} lines`] };
}

/** Third-party dependencies of what is shipped: everything but testkit and the workshop. */
function runTimeDependencies(packages: readonly Package[]): Readonly<Record<string, string>> {
  const ours = new Set(packages.map((pack) => pack.name));
  const shipped = packages.filter((pack) => pack.kind !== 'testkit' && pack.kind !== 'workshop');
  const all = Object.assign({}, ...shipped.map((pack) => dependenciesOf(pack.manifest, ['dependencies', 'optionalDependencies'])));
  return Object.fromEntries(Object.entries<string>(all).filter(([name]) => !ours.has(name)));
}

function checkRow(name: string, row: readonly string[], licence: string | undefined): Finding[] {
  if (row.length !== COLUMNS || row.some((cell) => cell === '')) return [{ file: LIST, text: `${name}: a column is empty or missing` }];
  if (licence === undefined || row[2] === licence) return [];
  return [{ file: LIST, text: `${name}: the list says ${row[2]}, the package says ${licence}` }];
}

function checkLock(lock: JsonObject): Finding[] {
  return Object.entries(asObject(lock.packages))
    .filter(([path, entry]) => path !== '' && asObject(entry).hasInstallScript === true)
    .map(([path]) => ({ file: 'package-lock.json', text: `${path} runs a script when it is installed` }));
}

/** Rows of the table by package name, which stands in back quotes in the first column. */
function readList(list: string): Map<string, readonly string[]> {
  const rows = new Map<string, readonly string[]>();
  for (const line of list.split('\n')) {
    if (!line.startsWith('|')) continue;
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    const name = /^`([^`]+)`$/.exec(cells[0] ?? '')?.[1];
    if (name !== undefined) rows.set(name, cells);
  }
  return rows;
}

async function readInstalled(root: string, name: string): Promise<JsonObject> {
  return asObject(JSON.parse(await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8')));
}
