import { type Dirent, existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asArray, asObject, asText, asTexts, type JsonObject } from './json.ts';

export interface SourceFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly text: string;
}

export type PackageKind = 'kernel' | 'http' | 'testkit' | 'protocol' | 'engine' | 'bridge' | 'app' | 'workshop';

export interface Package {
  readonly name: string;
  /** Relative to the root: `protocols/nbd`. */
  readonly dir: string;
  readonly kind: PackageKind;
  readonly manifest: JsonObject;
  /** Every file below `dir` relative to the root, without what is installed or built. */
  readonly files: readonly string[];
  /** The TypeScript among them. */
  readonly sources: readonly SourceFile[];
}

export interface Workspace {
  readonly packages: readonly Package[];
  readonly manifest: JsonObject;
}

/** Folders that hold nothing of ours, or only what was made from our sources. */
const AWAY = new Set(['node_modules', 'dist', 'coverage']);
const MAX_DEPTH = 24;

/** Reads every package that the root `package.json` names as a workspace. Packages without sources are kept: they are just empty. */
export async function readWorkspace(root: string): Promise<Workspace> {
  const manifest = asObject(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  const dirs = await workspaceDirs(
    root,
    asArray(manifest.workspaces).flatMap((pattern) => asText(pattern) ?? []),
  );
  const packages: Package[] = [];
  for (const dir of dirs) packages.push(await readPackage(root, dir));
  return { packages, manifest };
}

/** Whether a file is only for tests: it may import testkit and is free of the size limits. */
export function isTestFile(path: string): boolean {
  return /\.(test|live|bench)\.tsx?$/.test(path) || /(^|\/)test\//.test(path) || /(^|\/|\.)suite\.ts$/.test(path);
}

export function kindOf(dir: string): PackageKind {
  const [area = '', id = ''] = dir.split('/');
  if (area === 'packages' && (id === 'kernel' || id === 'http' || id === 'testkit')) return id;
  const kinds: Readonly<Record<string, PackageKind>> = { protocols: 'protocol', engines: 'engine', bridges: 'bridge', apps: 'app' };
  return kinds[area] ?? 'workshop';
}

/** All dependencies of the named groups of a manifest. */
export function dependenciesOf(manifest: JsonObject, groups: readonly string[]): Readonly<Record<string, string>> {
  return Object.assign({}, ...groups.map((group) => asTexts(manifest[group])));
}

async function workspaceDirs(root: string, patterns: readonly string[]): Promise<string[]> {
  const dirs: string[] = [];
  for (const pattern of patterns) {
    if (!pattern.endsWith('/*')) dirs.push(pattern);
    else dirs.push(...(await childFolders(root, pattern.slice(0, -2))));
  }
  return dirs.filter((dir) => existsSync(join(root, dir, 'package.json'))).sort();
}

async function childFolders(root: string, area: string): Promise<string[]> {
  if (!existsSync(join(root, area))) return [];
  const entries = await readdir(join(root, area), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => `${area}/${entry.name}`);
}

async function readPackage(root: string, dir: string): Promise<Package> {
  const manifest = asObject(JSON.parse(await readFile(join(root, dir, 'package.json'), 'utf8')));
  const files = (await listFiles(root, dir)).sort();
  const sources: SourceFile[] = [];
  for (const path of files.filter((file) => /\.tsx?$/.test(file))) {
    sources.push({ path, text: await readFile(join(root, path), 'utf8') });
  }
  return { name: asText(manifest.name) ?? dir, dir, kind: kindOf(dir), manifest, files, sources };
}

/** Files below a folder, relative to the root. Hidden, installed and built ones are left out. */
async function listFiles(root: string, dir: string, depth = 0): Promise<string[]> {
  if (depth > MAX_DEPTH) throw new Error(`${dir} lies deeper than ${MAX_DEPTH} folders`);
  const files: string[] = [];
  for (const entry of await readdir(join(root, dir), { withFileTypes: true })) {
    if (isAway(entry)) continue;
    const path = `${dir}/${entry.name}`;
    if (entry.isDirectory()) files.push(...(await listFiles(root, path, depth + 1)));
    else if (entry.isFile()) files.push(path);
  }
  return files;
}

function isAway(entry: Dirent): boolean {
  return entry.name.startsWith('.') || AWAY.has(entry.name) || entry.name.endsWith('.tsbuildinfo');
}
