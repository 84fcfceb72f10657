import { expect, test } from 'vitest';
import { FakeOvh, type Json } from '../src/fake/index.ts';
import { send } from './support/fake-caller.ts';

interface Section {
  readonly resourcePath: string;
  readonly basePath: string;
  readonly apis: ReadonlyArray<{ readonly path: string; readonly operations: ReadonlyArray<Readonly<Record<string, Json>>> }>;
  readonly models: Readonly<
    Record<string, { readonly properties: Readonly<Record<string, { readonly type: string; readonly canBeNull: boolean }>> }>
  >;
}

async function document<T>(fake: FakeOvh, target: string): Promise<T> {
  const reply = await send(fake, 'GET', target);
  expect([target, reply.status]).toEqual([target, 200]);
  return reply.json as T;
}

test.each(['1.0', 'v1', 'v2'])('the index of %s names sections, and each of them is there in both forms', async (branch) => {
  await using fake = await FakeOvh.start();
  const index = await document<{ apis: Array<{ path: string; schema: string }> }>(fake, `/${branch}/`);
  expect(await document(fake, `/${branch}`)).toEqual(index);
  expect(index.apis.map(({ path }) => path)).toEqual(
    expect.arrayContaining(branch === 'v2' ? ['/iam', '/publicCloud'] : ['/auth', '/dedicated/server', '/me', '/vps']),
  );
  for (const { path } of index.apis) {
    const section = await document<Section>(fake, `/${branch}${path}.json`);
    expect(section).toMatchObject({ resourcePath: path, basePath: `${fake.url}/${branch}` });
    const open = await document<{ openapi: string; paths: object }>(fake, `/${branch}${path}.json?format=openapi3`);
    expect(open.openapi).toBe('3.0.0');
    expect(Object.keys(open.paths)).toEqual(section.apis.map((api) => api.path));
  }
});

test('N15 an operation says what it takes, gives and wants', async () => {
  await using fake = await FakeOvh.start();
  const auth = await document<Section>(fake, '/1.0/auth.json');
  const operations = auth.apis.find(({ path }) => path === '/auth/credential')?.operations;
  expect(operations).toHaveLength(1);
  expect(operations?.[0]).toMatchObject({
    httpMethod: 'POST',
    noAuthentication: true,
    responseType: 'auth.Credential',
    apiStatus: { value: 'PRODUCTION' },
  });
  const server = await document<Section>(fake, '/1.0/dedicated/server.json');
  expect(server.apis.find(({ path }) => path.endsWith('/reboot'))?.operations[0]).toMatchObject({
    noAuthentication: false,
    responseType: 'dedicated.server.Task',
    parameters: [{ name: 'serviceName', paramType: 'path', dataType: 'string', required: true }],
    iamActions: [{ name: 'dedicatedServer:apiovh:reboot', required: true }],
  });
});

test('the models describe what the routes answer', async () => {
  await using fake = await FakeOvh.start();
  const { models } = await document<Section>(fake, '/1.0/dedicated/server.json');
  const properties = models['dedicated.server.DedicatedWithIAM']?.properties;
  expect(properties).toMatchObject({
    name: { type: 'string' },
    serverId: { type: 'long' },
    monitoring: { type: 'boolean' },
    bootScript: { canBeNull: true },
  });
  expect(models['services.Service']?.properties).toMatchObject({ expiration: { type: 'date' }, renew: { type: 'services.Service.renew' } });
  expect(models['dedicated.server.HardwareSpecifications']?.properties.diskGroups?.type).toBe(
    'dedicated.server.HardwareSpecifications.diskGroups[]',
  );
  for (const model of Object.values(models)) {
    for (const { type } of Object.values(model.properties)) {
      const plain = type.replace('[]', '');
      if (plain.includes('.')) expect(Object.keys(models)).toContain(plain);
    }
  }
});

test('OpenAPI: references lead somewhere, v2 lists declare cursors, public routes want nothing', async () => {
  await using fake = await FakeOvh.start();
  const reply = await send(fake, 'GET', '/1.0/vps.json?format=openapi3');
  const open = reply.json as { components: { schemas: Record<string, Json> } };
  const references = [...reply.text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
  expect(references.length).toBeGreaterThan(5);
  expect(Object.keys(open.components.schemas)).toEqual(expect.arrayContaining(references));
  const iam = await document<{ paths: Record<string, { get: Json }> }>(fake, '/v2/iam.json?format=openapi3');
  expect(JSON.stringify(iam.paths['/iam/resource']?.get)).toContain('X-Pagination-Cursor');
  const auth = await document<{ paths: Record<string, { get?: { security?: Json } }> }>(fake, '/1.0/auth.json?format=openapi3');
  expect(auth.paths['/auth/time']?.get?.security).toBeUndefined();
  expect(auth.paths['/auth/details']?.get?.security).toEqual([{ oAuth2AuthCode: ['all'] }]);
});

test('N16 a section that is not there', async () => {
  await using fake = await FakeOvh.start();
  expect((await send(fake, 'GET', '/1.0/meh.json')).status).toBe(404);
  expect((await send(fake, 'GET', '/1.0/iam.json')).status).toBe(404);
});

test('N11 X36 a deprecated operation says until when, and what to call instead', async () => {
  await using fake = await FakeOvh.start();
  const section = await document<Section>(fake, '/1.0/service.json');
  expect(section.apis.find(({ path }) => path === '/service')?.operations[0]?.apiStatus).toMatchObject({
    value: 'DEPRECATED',
    deprecatedDate: '2026-01-01T00:00:00+00:00',
    deletionDate: '2027-12-31T00:00:00+00:00',
    replacement: '/services',
  });
  const open = await document<{ paths: Record<string, { get: Json }> }>(fake, '/1.0/service.json?format=openapi3');
  expect(open.paths['/service/{serviceId}']?.get).toMatchObject({ deprecated: true, 'x-replacement-route': '/services/{serviceId}' });
});
