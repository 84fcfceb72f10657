import { execFile } from 'node:child_process';
import { mkdir, mkdtempDisposable, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { SchemaError } from '../src/index.ts';
import { generatedFiles } from '../src/schema/generated-files.ts';
import { describeRoute, readSchemaFolder } from '../src/schema/index.ts';
import { metadata } from '../src/types/eu-metadata.ts';

const PACKAGE = join(import.meta.dirname, '..');
const SAMPLE = join(PACKAGE, 'schemas');
const MAIN = join(PACKAGE, 'src/schema/main.ts');
const run = promisify(execFile);

const folder = () => mkdtempDisposable(join(tmpdir(), 'ovh-schemas-'));
const generate = (...args: string[]) => run(process.execPath, ['--conditions=@fairlead/source', MAIN, ...args], { timeout: 60_000 });

test('X37: the types and metadata of this package are those that the command makes of the sample', async () => {
  await using out = await folder();
  await generate('--from', SAMPLE, '--out', out.path, '--universe', 'eu');
  const names = await readdir(out.path);
  expect(names.sort()).toEqual(['eu-metadata.ts', 'eu.ts']);
  for (const name of names) {
    expect(await readFile(join(PACKAGE, 'src/types', name), 'utf8')).toBe(await readFile(join(out.path, name), 'utf8'));
  }
});

test('the command says how it is called, and what it lacks', async () => {
  await using out = await folder();
  await expect(generate()).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('--universe eu') });
  await writeFile(join(out.path, 'vps.json'), '{"openapi":"3"}');
  await expect(generatedFiles(out.path, { universe: 'eu' })).rejects.toThrow('write it in the file date.txt');
  await expect(generatedFiles(out.path, { universe: '../eu', date: '2026-11-22' })).rejects.toThrow('a universe is a word');
  const files = await generatedFiles(out.path, { universe: 'ca', date: '2026-11-22' });
  expect(files.map(({ name }) => name)).toEqual(['ca.ts', 'ca-metadata.ts']);
});

test('the sample has both forms, each kind of status, and what the client wants to know', async () => {
  const catalogue = await readSchemaFolder(SAMPLE);
  expect(catalogue.routes.length).toBeGreaterThanOrEqual(80);
  expect(new Set(catalogue.routes.map(({ section }) => section))).toEqual(
    new Set(['auth', 'cloud', 'dedicated/server', 'domain', 'ip', 'me', 'service', 'services', 'v2/iam', 'vps', 'vrack']),
  );
  expect(new Set(catalogue.routes.map(({ status }) => status))).toEqual(new Set(['production', 'beta', 'internal', 'deprecated']));
  expect(catalogue.routes.find(({ path, method }) => path === '/vps' && method === 'GET')?.expandsTo).toBe('vps.VPSWithIAM');
  expect(describeRoute(catalogue, '/service/12')?.models.map(({ name }) => name)).toContain('complexType.UnitAndValue_long');
  expect(metadata.routes['GET /auth/time']).toEqual({ noAuth: true });
  expect(metadata.routes['GET /v2/iam/resource']).toEqual({ expandable: true, paginated: true });
  expect(metadata.secrets).toEqual(['clientSecret', 'consumerKey', 'password', 'rescuePassword']);
  for (const route of catalogue.routes) {
    const written = [...route.path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
    expect([
      route.path,
      route.parameters
        .filter((one) => one.in === 'path')
        .map(({ name }) => name)
        .sort(),
    ]).toEqual([route.path, written.sort()]);
  }
});

test('a folder that cannot be used says which, and why', async () => {
  await using at = await folder();
  await expect(readSchemaFolder(join(at.path, 'nowhere'))).rejects.toThrow(/nowhere: is no folder that can be read/);
  await expect(readSchemaFolder(at.path)).rejects.toThrow('has no schema documents');
  await writeFile(join(at.path, 'date.txt'), '2026-11-22');
  await mkdir(join(at.path, 'dedicated'));
  await writeFile(join(at.path, 'dedicated', 'server.json'), '{"openapi":"3","paths":{"/a":{"get":{}}}}');
  expect((await readSchemaFolder(at.path)).routes[0]).toMatchObject({ section: 'dedicated/server' });
  await writeFile(join(at.path, 'vps.json'), '{"openapi":');
  const refused = readSchemaFolder(at.path);
  await expect(refused).rejects.toBeInstanceOf(SchemaError);
  await expect(refused).rejects.toThrow('vps.json: Unable to parse the schema');
});
