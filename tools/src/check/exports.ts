import type { Check, CheckResult, Finding } from './check.ts';
import { scanImports } from './import-scan.ts';
import { packageName } from './imports.ts';
import { asObject, asText } from './json.ts';
import { dependenciesOf, isTestFile, type Package, readWorkspace, type Workspace } from './workspace.ts';

const LICENCE = 'Apache-2.0';
/** Packages whose areas are doors: every folder of `src/` with an index.ts is exported under its name. */
const DOOR_PER_FOLDER = new Set(['kernel', 'testkit']);
/** Imported by nobody's code, yet needed: what a program loads by name. */
const LOADED_BY_NAME: Readonly<Record<string, readonly string[]>> = {};

export const exportsCheck: Check = {
  name: 'exports',
  holds: 'doors and files agree, each package has a README, a description and a licence, and uses what it depends on',
  run: async ({ root }) => checkExports(await readWorkspace(root)),
};

export function checkExports(workspace: Workspace): CheckResult {
  const findings: Finding[] = [];
  const notes: string[] = [];
  for (const pack of workspace.packages) {
    if (pack.sources.length === 0) {
      notes.push(`no sources yet: ${pack.dir}`);
      continue;
    }
    findings.push(...checkFace(pack), ...checkDoors(pack), ...checkUse(pack));
  }
  if (workspace.packages.length === 0) findings.push({ text: 'no package was read: the check is blind' });
  return { findings, notes };
}

function checkFace(pack: Package): Finding[] {
  const file = `${pack.dir}/package.json`;
  const findings: Finding[] = [];
  if (!pack.files.includes(`${pack.dir}/README.md`)) findings.push({ file: pack.dir, text: 'has no README.md' });
  if ((asText(pack.manifest.description) ?? '') === '') findings.push({ file, text: 'has no description' });
  if (pack.manifest.license !== LICENCE) findings.push({ file, text: `licence is not ${LICENCE}` });
  if (pack.manifest.type !== 'module') findings.push({ file, text: 'type is not "module"' });
  return findings;
}

function checkDoors(pack: Package): Finding[] {
  const file = `${pack.dir}/package.json`;
  const findings: Finding[] = [];
  const exports = asObject(pack.manifest.exports);
  const opened = new Set<string>();
  for (const [door, value] of Object.entries(exports)) {
    if (door.includes('*')) findings.push({ file, text: `${door}: a door has a name, no wildcard` });
    const source = asText(asObject(value)['@fairlead/source']) ?? '';
    const built = asText(asObject(value).default) ?? '';
    const path = `${pack.dir}/${source.replace(/^\.\//, '')}`;
    opened.add(path);
    if (!pack.files.includes(path)) findings.push({ file, text: `${door} opens ${source || 'nothing'}, which is not there` });
    const expected = source.replace(/^\.\/src\//, './dist/').replace(/\.ts$/, '.js');
    if (built !== expected)
      findings.push({ file, text: `${door}: default is ${built || 'missing'}, the build of ${source} is ${expected}` });
  }
  if (!DOOR_PER_FOLDER.has(pack.kind)) return findings;
  const areas = pack.files.filter((path) => /^[^/]+\/[^/]+\/src\/[^/]+\/index\.ts$/.test(path));
  for (const path of areas.filter((area) => !opened.has(area)))
    findings.push({ file: path, text: 'is the index of an area without a door' });
  return findings;
}

function checkUse(pack: Package): Finding[] {
  const file = `${pack.dir}/package.json`;
  const used = { source: new Set<string>(), test: new Set<string>() };
  for (const source of pack.sources) {
    const names = isTestFile(source.path) ? used.test : used.source;
    for (const { specifier } of scanImports(source.text)) names.add(packageName(specifier));
  }
  const loaded = LOADED_BY_NAME[pack.dir] ?? [];
  const unused = (group: string, names: ReadonlySet<string>): Finding[] =>
    Object.keys(dependenciesOf(pack.manifest, [group]))
      .filter((name) => !names.has(name) && !loaded.includes(name))
      .map((name) => ({ file, text: `${group} lists ${name}, which nothing here imports` }));
  return [...unused('dependencies', used.source), ...unused('devDependencies', used.source.union(used.test))];
}
