import { mkdtempDisposable, readdir, readFile, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type ClientOptions, SchemaError } from '../src/index.ts';
import { fetchSchemas, generateMetadata, generateTypes, readSchemaFolder } from '../src/schema/index.ts';
import { clientOf, failureOf, smallServer, world } from './support/world.ts';

const ANONYMOUS: ClientOptions = { applicationKey: '', applicationSecret: '', consumerKey: '', auth: 'none' };
const folder = () => mkdtempDisposable(join(tmpdir(), 'ovh-fetch-'));

test.each(['openapi', 'ovh'] as const)('all documents of an endpoint, in the form %s, become types', async (form) => {
  await using at = await world(ANONYMOUS);
  await using here = await folder();
  const progress: string[] = [];
  const fetched = await fetchSchemas(at.client, here.path, { form, onProgress: (done, total) => progress.push(`${done}/${total}`) });
  expect(fetched.failed).toEqual([]);
  const sections = fetched.documents.map(({ section }) => section);
  expect(sections).toEqual(sections.toSorted());
  expect(sections).toEqual(expect.arrayContaining(['auth', 'cloud', 'dedicated/server', 'me', 'v2/iam', 'v2/publicCloud', 'vps']));
  expect(progress.at(-1)).toBe(`${sections.length}/${sections.length}`);
  const catalogue = await readSchemaFolder(here.path);
  expect(catalogue.routes.find(({ method, path }) => method === 'GET' && path === '/dedicated/server/{serviceName}')).toMatchObject({
    section: 'dedicated/server',
    response: { kind: 'model', name: 'dedicated.server.DedicatedWithIAM' },
    noAuth: false,
  });
  const { routes } = generateMetadata(catalogue);
  expect(routes['GET /service']?.deprecated).toEqual({ since: '2026-01-01', until: '2027-12-31', replacement: '/services' });
  expect(routes['POST /auth/credential']).toMatchObject({ noAuth: true });
  const types = generateTypes(catalogue, { universe: 'eu', date: '2026-11-22' });
  expect(types).toContain("'GET /v2/iam/resource/{resourceURN}': { path: { resourceURN: string };");
  expect(types).toContain("'GET /vps': { query?: { iamTags?: ");
  expect(
    stripTypeScriptTypes(types)
      .replace(/^\/[/*].*$/gm, '')
      .trim(),
  ).toBe('');
});

test('the calls are anonymous, whoever the client is; what is there already is left alone', async () => {
  await using at = await world();
  await using here = await folder();
  const sections = ['/vps', 'dedicated/server.json', 'v2/iam'];
  const first = await fetchSchemas(at.client, here.path, { sections });
  expect(first.documents).toEqual([
    { section: 'dedicated/server', file: 'dedicated/server.json', changed: true },
    { section: 'v2/iam', file: 'v2/iam.json', changed: true },
    { section: 'vps', file: 'vps.json', changed: true },
  ]);
  expect(at.calls().sort()).toEqual([
    'GET /1.0/dedicated/server.json?format=openapi3',
    'GET /1.0/vps.json?format=openapi3',
    'GET /v2/iam.json?format=openapi3',
  ]);
  await writeFile(join(here.path, 'vps.json'), 'spoiled');
  const second = await fetchSchemas(at.client, here.path, { sections });
  expect(second.documents.map(({ changed }) => changed)).toEqual([false, false, true]);
  expect((await readdir(here.path)).sort()).toEqual(['dedicated', 'v2', 'vps.json']);
});

test('N16 N17: a section that fails does not lose the others, nor what was there', async () => {
  await using server = await smallServer((response, { target }) => {
    if (target.startsWith('/1.0/meh.json')) return response.writeHead(404).end('{"message":"Got an invalid (or empty) URL"}');
    if (target.startsWith('/1.0/bad.json')) return response.writeHead(200).end('<html>');
    if (target.startsWith('/1.0/odd.json')) return response.writeHead(200).end('{"swagger":"2.0"}');
    return response.writeHead(200).end('{"openapi":"3.0.0","paths":{"/vps":{"get":{}}}}');
  });
  using client = clientOf(server);
  await using here = await folder();
  await writeFile(join(here.path, 'bad.json'), 'old');
  const { documents, failed } = await fetchSchemas(client, here.path, { sections: ['vps', 'meh', 'bad', 'odd'] });
  expect(documents.map(({ file }) => file)).toEqual(['vps.json']);
  expect(failed.map(({ section, error }) => [section, error instanceof SchemaError && error.message])).toEqual([
    ['bad', 'Unable to parse the schema /1.0/bad.json'],
    ['meh', 'Unable to load schema /1.0/meh.json, HTTP response code: 404'],
    ['odd', 'odd.json: Unable to parse the schema: it is neither OpenAPI nor of the form { apis, models }'],
  ]);
  expect(await readFile(join(here.path, 'bad.json'), 'utf8')).toBe('old');
  expect((await readdir(here.path)).sort()).toEqual(['bad.json', 'vps.json']);
  for (const { headers } of server.received) expect(headers).not.toHaveProperty('x-ovh-signature');
});

test.each(['../../etc/passwd', 'v2/../x', '/', '', 'a//b', '.hidden', 'a\\b', 'a b', `x${'/x'.repeat(9)}`])(
  'a section named %j is none, also when an index has it',
  async (name) => {
    await using server = await smallServer((response) => response.writeHead(200).end(JSON.stringify({ apis: [{ path: `/${name}` }] })));
    using client = clientOf(server);
    await using here = await folder();
    const refusal = { code: 'OVH_SCHEMA', message: expect.stringContaining('is no name of a section') };
    expect(await failureOf(fetchSchemas(client, here.path, { sections: ['vps', name] }))).toMatchObject(refusal);
    const { documents, failed } = await fetchSchemas(client, here.path);
    expect(documents).toEqual([]);
    expect(failed.map(({ error }) => error)).toEqual([expect.objectContaining(refusal), expect.objectContaining(refusal)]);
    expect(await readdir(here.path)).toEqual([]);
  },
);

test('an endpoint without v2 has its v1; an index that is none is an error', async () => {
  let index = '{"apis":[{"path":"/vps"}]}';
  await using server = await smallServer((response, { target }) => {
    if (target.startsWith('/v2')) return response.writeHead(404).end('{}');
    return response.writeHead(200).end(target === '/1.0/' ? index : '{"openapi":"3.0.0"}');
  });
  using client = clientOf(server);
  await using here = await folder();
  expect((await fetchSchemas(client, here.path)).documents.map(({ section }) => section)).toEqual(['vps']);
  for (index of ['{}', '[]', 'null', '{"apis":[{}]}', '<html>']) {
    expect(await failureOf(fetchSchemas(client, here.path))).toMatchObject({ code: 'OVH_SCHEMA' });
  }
});

test('any number of documents at once, but not none', async () => {
  await using at = await world(ANONYMOUS);
  await using folder = await mkdtempDisposable(join(tmpdir(), 'ovh-schemas-'));
  const sections = ['vps', 'me'];
  const fetched = await fetchSchemas(at.client, folder.path, { sections, concurrency: Number.POSITIVE_INFINITY });
  expect(fetched.documents.map(({ section }) => section)).toEqual(['me', 'vps']);
  for (const concurrency of [0, Number.NaN]) {
    expect(await failureOf(fetchSchemas(at.client, folder.path, { sections, concurrency }))).toMatchObject({ code: 'OVH_CONFIGURATION' });
  }
});

test('an abort ends it with its reason', async () => {
  await using at = await world();
  await using here = await folder();
  const stop = new AbortController();
  const fetching = fetchSchemas(at.client, here.path, {
    signal: stop.signal,
    concurrency: 1,
    onProgress: () => stop.abort(new Error('enough')),
  });
  expect(await failureOf(fetching)).toMatchObject({ message: 'enough' });
  expect(await readdir(here.path)).toHaveLength(1);
});
