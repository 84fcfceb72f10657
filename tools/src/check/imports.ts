import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import type { Check, CheckResult, Finding } from './check.ts';
import { type ImportStatement, scanImports } from './import-scan.ts';
import { asObject, type JsonObject } from './json.ts';
import { isIndependent, layerBreak, roomBreak } from './layers.ts';
import { dependenciesOf, isTestFile, type Package, readWorkspace, type SourceFile, type Workspace } from './workspace.ts';

/** With fewer imports than this the scan has gone blind. */
const MIN_IMPORTS = 100;

export const importsCheck: Check = {
  name: 'imports',
  holds: 'each package imports only what its level may, through named doors',
  async run({ root }) {
    const result = checkImports(await readWorkspace(root), MIN_IMPORTS);
    const biome = asObject(JSON.parse(await readFile(join(root, 'biome.json'), 'utf8')));
    return { notes: result.notes, findings: [...result.findings, ...checkCycleRule(biome)] };
  },
};

/** Applies the dependency rule to every import of every source. Fewer than `minImports` of them is a finding of its own. */
export function checkImports(workspace: Workspace, minImports: number): CheckResult {
  const scan = new ImportRules(workspace);
  let files = 0;
  let imports = 0;
  for (const pack of workspace.packages) {
    for (const source of pack.sources) {
      files += 1;
      imports += scan.readSource(pack, source);
    }
  }
  if (imports < minImports) {
    scan.findings.push({
      text: `only ${imports} imports in ${files} files were read, at least ${minImports} are expected: the scan is blind`,
    });
  }
  return { findings: scan.findings, notes: [`${imports} imports in ${files} files of ${workspace.packages.length} packages read`] };
}

/** Import cycles are Biome's part; this makes sure that it looks for them. */
export function checkCycleRule(biome: JsonObject): Finding[] {
  const rules = asObject(asObject(biome.linter).rules);
  if (asObject(rules.suspicious).noImportCycles === 'error') return [];
  return [{ file: 'biome.json', text: 'suspicious/noImportCycles must be "error": nothing else looks for import cycles' }];
}

class ImportRules {
  readonly findings: Finding[] = [];
  readonly #packages: ReadonlyMap<string, Package>;
  readonly #files: ReadonlySet<string>;
  readonly #rootDependencies: Readonly<Record<string, string>>;

  constructor(workspace: Workspace) {
    this.#packages = new Map(workspace.packages.map((pack) => [pack.name, pack]));
    this.#files = new Set(workspace.packages.flatMap((pack) => pack.files));
    this.#rootDependencies = dependenciesOf(workspace.manifest, ['devDependencies']);
  }

  /** Judges one file and returns how many imports it has. */
  readSource(pack: Package, source: SourceFile): number {
    const imports = scanImports(source.text);
    for (const statement of imports) {
      const reason = this.#judge(pack, source.path, statement);
      if (reason !== undefined) this.findings.push({ file: source.path, line: statement.line, text: reason });
    }
    return imports.length;
  }

  #judge(pack: Package, path: string, statement: ImportStatement): string | undefined {
    const { specifier } = statement;
    const inTest = isTestFile(path);
    const target = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined;
    if (target !== undefined) {
      if (!target.startsWith(`${pack.dir}/`)) return `a relative import must stay in its package (${specifier})`;
      if (!this.#files.has(target)) return `there is no such file (${specifier})`;
    }
    const reason = target === undefined ? this.#judgeForeign(pack, specifier, inTest) : undefined;
    if (reason !== undefined || inTest) return reason;
    const inPackage = (file: string): string => file.slice(pack.dir.length + 1);
    return roomBreak({ kind: pack.kind, path: inPackage(path), statement, target: target === undefined ? undefined : inPackage(target) });
  }

  #judgeForeign(pack: Package, specifier: string, inTest: boolean): string | undefined {
    if (specifier.startsWith('node:')) return undefined;
    const name = packageName(specifier);
    if (builtinModules.includes(name)) return `write node:${specifier}`;
    const to = this.#packages.get(name);
    const declared = dependenciesOf(pack.manifest, inTest ? ['dependencies', 'devDependencies'] : ['dependencies']);
    if (to === undefined) return this.#judgeThirdParty(pack, name, inTest, declared);
    const layer = layerBreak({ from: pack, to, specifier, inTest });
    if (layer !== undefined) return layer;
    if (!isDoor(to, specifier)) return `${specifier} is no door of ${to.name}: see its exports`;
    if (to !== pack && !(name in declared)) return `${name} is not declared in ${pack.dir}/package.json`;
    return undefined;
  }

  #judgeThirdParty(pack: Package, name: string, inTest: boolean, declared: Readonly<Record<string, string>>): string | undefined {
    if (inTest && name in this.#rootDependencies) return undefined;
    if (isIndependent(pack) && !inTest) return `${pack.name} has no run-time dependency (${name})`;
    return name in declared ? undefined : `${name} is not declared in ${pack.dir}/package.json`;
  }
}

/** `@scope/name` of `@scope/name/door`, `name` of `name/door`. */
export function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function isDoor(to: Package, specifier: string): boolean {
  return `.${specifier.slice(to.name.length)}` in asObject(to.manifest.exports);
}
