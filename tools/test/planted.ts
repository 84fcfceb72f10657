import { kindOf, type Package, type Workspace } from '../src/check/workspace.ts';

/** Files of one package by their path inside it; `package.json` is an object. */
export interface PlantedPackage {
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly files: Readonly<Record<string, string>>;
}

/** A workspace in memory, with whatever fault a test plants in it. Keys are folders: `protocols/nbd`. */
export function plant(packages: Readonly<Record<string, PlantedPackage>>, manifest: Readonly<Record<string, unknown>> = {}): Workspace {
  return { manifest, packages: Object.entries(packages).map(([dir, { manifest: own, files }]) => plantOne(dir, own, files)) };
}

function plantOne(dir: string, manifest: Readonly<Record<string, unknown>>, files: Readonly<Record<string, string>>): Package {
  const all = Object.entries(files).map(([path, text]) => ({ path: `${dir}/${path}`, text }));
  return {
    name: String(manifest.name),
    dir,
    kind: kindOf(dir),
    manifest,
    files: ['package.json', ...Object.keys(files)].map((path) => `${dir}/${path}`),
    sources: all.filter(({ path }) => path.endsWith('.ts')),
  };
}

/** A manifest with one door `.` and the given dependencies. */
export function manifestOf(
  name: string,
  dependencies: readonly string[] = [],
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return {
    name,
    description: 'A package.',
    license: 'Apache-2.0',
    type: 'module',
    exports: { '.': { '@fairlead/source': './src/index.ts', default: './dist/index.js' } },
    dependencies: Object.fromEntries(dependencies.map((dependency) => [dependency, '1.0.0'])),
    ...more,
  };
}

/** Findings as `file: text`, or the text alone. */
export function told(findings: readonly { readonly file?: string | undefined; readonly text: string }[]): string[] {
  return findings.map(({ file, text }) => (file === undefined ? text : `${file}: ${text}`));
}
