import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asRow, type Json, type Row } from './json.ts';
import { sizesOf } from './options.ts';
import { Random } from './random.ts';
import { FIXTURE_KINDS, type Fixtures } from './world/fixtures.ts';
import { makeState } from './world/make-state.ts';

const FILES: readonly string[] = ['me', ...FIXTURE_KINDS].map((name) => `${name}.json`);

/**
 * Reads `me.json` (an object), `servers.json`, `vps.json`, `projects.json`, `domains.json` and `ips.json` (arrays of objects) of a folder;
 * any of them may be missing. Throws an Error that names the file or the member when one has another form or another name, or none is there.
 */
export async function readFixtures(folder: string): Promise<Fixtures> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  if (names.length === 0) throw new Error(`${folder} has none of ${FILES.join(', ')}`);
  const read = async (name: string) => [name.slice(0, -'.json'.length), await readOne(folder, name)] as const;
  const fixtures = Object.fromEntries(await Promise.all(names.map(read))) as Fixtures;
  tryOut(folder, fixtures);
  return fixtures;
}

/** A member of another form, or too many rows, are told here with the folder, not when a fake is started. */
function tryOut(folder: string, fixtures: Fixtures): void {
  try {
    makeState(new Random(0), 0, sizesOf({ fixtures }), fixtures);
  } catch (error) {
    throw new Error(`${folder}: ${(error as Error).message}`, { cause: error });
  }
}

async function readOne(folder: string, name: string): Promise<Row | readonly Row[]> {
  const path = join(folder, name);
  if (!FILES.includes(name)) throw new Error(`${path}: only ${FILES.join(', ')} are read`);
  const value = parsed(path, await readFile(path, 'utf8'));
  if (name === 'me.json') return rowIn(value, path);
  if (!Array.isArray(value)) throw new Error(`${path}: not an array of objects`);
  return value.map((entry: Json, at) => rowIn(entry, `${path}[${at}]`));
}

function parsed(path: string, text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

function rowIn(value: Json, where: string): Row {
  const row = asRow(value);
  if (row === undefined) throw new Error(`${where}: not an object`);
  return row;
}
