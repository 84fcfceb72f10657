import { describe, expect, expectTypeOf, test } from 'vitest';
import type { Inputs, Models, Routes } from '../types/eu.ts';
import { createClient, type OvhClient } from './client.ts';
import type { Item } from './expand.ts';
import type { ClientOptions, Pending } from './options.ts';
import type { Pages } from './paginate.ts';
import type { VariablesOf } from './routes.ts';
import { typedPath } from './typed-path.ts';

/**
 * The compiler is the judge here (`tsc -p tsconfig.tests.json`): none of these functions runs, except where a test says so.
 */
declare const api: OvhClient<Routes>;
declare const plain: OvhClient;
type Body<T> = T extends Pending<infer A> ? A : never;

const OFFLINE: ClientOptions = { env: false, files: false, auth: 'none' };
const s = { path: { serviceName: 'ns1.ip-192-0-2.eu' } };

test('X37: the answer of 45 routes is known by method and template', () => {
  const calls = () => {
    expectTypeOf(api.get('/me')).resolves.toEqualTypeOf<Models['nichandle.Nichandle']>();
    expectTypeOf(api.put('/me', { body: { language: 'fr_FR' } })).resolves.toEqualTypeOf<null>();
    expectTypeOf(api.get('/me/api/application')).resolves.toEqualTypeOf<number[]>();
    expectTypeOf(api.get('/me/api/application/{applicationId}', { path: { applicationId: 7 } })).resolves.toEqualTypeOf<
      Models['auth.ApiApplication']
    >();
    expectTypeOf(api.delete('/me/api/application/{applicationId}', { path: { applicationId: 7n } })).resolves.toEqualTypeOf<null>();
    expectTypeOf(api.get('/me/api/credential', { query: { status: 'validated' } })).resolves.toEqualTypeOf<number[]>();
    expectTypeOf<Body<ReturnType<typeof credential>>>().toEqualTypeOf<Models['auth.ApiCredential']>();
    expectTypeOf(api.get('/me/bill', { query: { 'date.from': new Date(0) } })).resolves.toEqualTypeOf<string[]>();
    expectTypeOf(api.get('/me/bill/{billId}', { path: { billId: 'FR1' } }))
      .resolves.toHaveProperty('password')
      .toBeString();
    expectTypeOf(api.get('/auth/time')).resolves.toBeNumber();
    expectTypeOf(
      api.post('/auth/credential', { auth: false, body: { accessRules: [{ method: 'GET', path: '/*' }] } }),
    ).resolves.toEqualTypeOf<Models['auth.Credential']>();
    expectTypeOf(api.post('/auth/logout')).resolves.toBeNull();
    expectTypeOf(api.get('/auth/details')).resolves.toHaveProperty('identities').toEqualTypeOf<string[]>();
    expectTypeOf(api.get('/dedicated/server')).resolves.toEqualTypeOf<string[]>();
    expectTypeOf(api.get('/dedicated/server/{serviceName}', s)).resolves.toEqualTypeOf<Models['dedicated.server.DedicatedWithIAM']>();
    expectTypeOf(api.put('/dedicated/server/{serviceName}', { ...s, body: { monitoring: false } })).resolves.toBeNull();
    expectTypeOf(api.get('/dedicated/server/{serviceName}/serviceInfos', s)).resolves.toEqualTypeOf<Models['services.Service']>();
    expectTypeOf(api.get('/dedicated/server/{serviceName}/specifications/hardware', s))
      .resolves.toHaveProperty('memorySize')
      .toEqualTypeOf<{ unit: string; value: number } | null>();
    expectTypeOf(api.get('/dedicated/server/{serviceName}/ips', s)).resolves.toEqualTypeOf<string[]>();
    expectTypeOf(api.get('/dedicated/server/{serviceName}/task', { ...s, query: { status: 'doing' } })).resolves.toEqualTypeOf<number[]>();
    expectTypeOf(
      api.get('/dedicated/server/{serviceName}/task/{taskId}', { path: { serviceName: 'x', taskId: 1 } }),
    ).resolves.toEqualTypeOf<Models['dedicated.server.Task']>();
    expectTypeOf(api.post('/dedicated/server/{serviceName}/reboot', s)).resolves.toHaveProperty('taskId').toBeNumber();
    expectTypeOf(
      api.get('/dedicated/server/{serviceName}/option/{option}', { path: { serviceName: 'x', option: 'KVM' } }),
    ).resolves.toEqualTypeOf<Models['dedicated.server.Option']>();
    expectTypeOf(
      api.get('/dedicated/server/{serviceName}/features/bmc/test', { ...s, query: { operationId: '1', type: 'ping' } }),
    ).resolves.toEqualTypeOf<Models['dedicated.server.BmcTestResult']>();
    expectTypeOf(api.get('/vps')).resolves.toEqualTypeOf<string[]>();
    expectTypeOf(api.get('/vps', { query: { iamTags: { env: [{ operator: 'EQ', value: 'prod' }] } } })).resolves.toEqualTypeOf<string[]>();
    expectTypeOf(api.get('/vps/{serviceName}', s)).resolves.toEqualTypeOf<Models['vps.VPSWithIAM']>();
    expectTypeOf(api.put('/vps/{serviceName}', { ...s, body: { displayName: null, netbootMode: 'rescue' } })).resolves.toBeNull();
    expectTypeOf(api.get('/vps/{serviceName}/disks/{id}', { path: { serviceName: 'x', id: 3 } })).resolves.toEqualTypeOf<
      Models['vps.Disk']
    >();
    expectTypeOf(
      api.get('/vps/{serviceName}/automatedBackup/restorePoints', { ...s, query: { state: 'available' } }),
    ).resolves.toEqualTypeOf<string[]>();
    expectTypeOf(api.post('/vps/{serviceName}/createSnapshot', { ...s, body: {} })).resolves.toEqualTypeOf<Models['vps.Task']>();
    expectTypeOf(api.delete('/vps/{serviceName}/snapshot', s)).resolves.toEqualTypeOf<Models['vps.Task']>();
    expectTypeOf(api.get('/cloud/project/{serviceName}', s)).resolves.toEqualTypeOf<Models['cloud.ProjectWithIAM']>();
    expectTypeOf(api.get('/cloud/project/{serviceName}/instance', s)).resolves.toEqualTypeOf<Models['cloud.instance.Instance'][]>();
    expectTypeOf(
      api.post('/cloud/project/{serviceName}/instance', { ...s, body: { flavorId: 'f', name: 'n', region: 'GRA11' } }),
    ).resolves.toEqualTypeOf<Models['cloud.instance.InstanceDetail']>();
    expectTypeOf(
      api.get('/cloud/project/{serviceName}/region/{regionName}', { path: { serviceName: 'x', regionName: 'GRA11' } }),
    ).resolves.toEqualTypeOf<Models['cloud.Region']>();
    expectTypeOf(api.get('/domain/{serviceName}', s)).resolves.toEqualTypeOf<Models['domain.DomainServiceWithIAM']>();
    expectTypeOf(api.get('/domain/zone/{zoneName}/record', { path: { zoneName: 'z' }, query: { fieldType: 'MX' } })).resolves.toEqualTypeOf<
      number[]
    >();
    expectTypeOf(
      api.post('/domain/zone/{zoneName}/record', { path: { zoneName: 'z' }, body: { fieldType: 'A', target: '192.0.2.1' } }),
    ).resolves.toEqualTypeOf<Models['domain.zone.Record']>();
    expectTypeOf(api.post('/domain/zone/{zoneName}/refresh', { path: { zoneName: 'z' } })).resolves.toBeNull();
    expectTypeOf(api.get('/ip/{ip}', { path: { ip: '192.0.2.0/28' } }))
      .resolves.toHaveProperty('version')
      .extract<4>()
      .toEqualTypeOf<4>();
    expectTypeOf(api.get('/vrack/{serviceName}/task/{taskId}', { path: { serviceName: 'pn-1', taskId: 1 } })).resolves.toEqualTypeOf<
      Models['vrack.Task']
    >();
    expectTypeOf(api.get('/service/{serviceId}', { path: { serviceId: 1 } }))
      .resolves.toHaveProperty('quantity')
      .toEqualTypeOf<{ unit: string; value: number } | null>();
    expectTypeOf(api.get('/services', { query: { state: ['active'] } })).resolves.toEqualTypeOf<number[]>();
    expectTypeOf(api.put('/services/{serviceId}', { path: { serviceId: 1 }, body: { renew: { mode: 'manual' } } })).resolves.toEqualTypeOf<
      Models['services.expanded.Service']
    >();
    expectTypeOf(api.get('/v2/iam/resource')).resolves.toEqualTypeOf<Models['iam.resource.Resource'][]>();
    expectTypeOf(api.get('/v2/iam/resource/{resourceURN}', { path: { resourceURN: 'urn' } }))
      .resolves.toHaveProperty('tags')
      .toEqualTypeOf<{
        [key: string]: string;
      } | null>();
    expectTypeOf(api.delete('/v2/iam/resource/{resourceURN}/tag/{key}', { path: { resourceURN: 'urn', key: 'env' } })).resolves.toBeNull();
  };
  const credential = () => api.get('/me/api/credential/{credentialId}', { path: { credentialId: 1 } });
  expect(calls).toBeTypeOf('function');
});

test('X37: wrong variables, query, body and method do not compile', () => {
  const calls = () => {
    // @ts-expect-error the variable is missing
    void api.get('/dedicated/server/{serviceName}');
    // @ts-expect-error the variable has another name
    void api.get('/dedicated/server/{serviceName}', { path: { name: 'x' } });
    // @ts-expect-error a variable too many
    void api.get('/vps/{serviceName}', { path: { serviceName: 'x', id: 1 } });
    // @ts-expect-error the variable is a number
    void api.get('/vps/{serviceName}/disks/{id}', { path: { serviceName: 'x', id: 'y' } });
    // @ts-expect-error no such option
    void api.get('/dedicated/server/{serviceName}/option/{option}', { path: { serviceName: 'x', option: 'kvm' } });
    // @ts-expect-error there are no variables
    void api.get('/me', { path: { a: 'x' } });
    // @ts-expect-error the query is required
    void api.get('/vps/{serviceName}/automatedBackup/restorePoints', s);
    // @ts-expect-error a required parameter is missing
    void api.get('/dedicated/server/{serviceName}/features/bmc/test', { ...s, query: { type: 'ping' } });
    // @ts-expect-error no such parameter
    void api.get('/vps', { query: { tags: {} } });
    // @ts-expect-error no such status: a request is strict
    void api.get('/me/api/credential', { query: { status: 'new' } });
    // @ts-expect-error there is no query
    void api.get('/auth/time', { query: { a: 1 } });
    // @ts-expect-error the body is missing
    void api.post('/auth/credential');
    // @ts-expect-error a member of the body is missing
    void api.post('/auth/credential', { body: {} });
    // @ts-expect-error no such method
    void api.post('/auth/credential', { body: { accessRules: [{ method: 'PATCH', path: '/*' }] } });
    // @ts-expect-error no such member
    void api.put('/vps/{serviceName}', { ...s, body: { nickname: 'x' } });
    // @ts-expect-error the state is read only
    void api.put('/vps/{serviceName}', { ...s, body: { state: 'running' } });
    // @ts-expect-error a member has another type
    void api.post('/domain/zone/{zoneName}/record', { path: { zoneName: 'z' }, body: { fieldType: 'A', target: 'x', ttl: '60' } });
    // @ts-expect-error a GET has no body
    void api.get('/me', { body: {} });
    // @ts-expect-error no POST, but GET and PUT
    void api.post('/me');
    // @ts-expect-error no DELETE, but GET and PUT
    void api.delete('/vps/{serviceName}', s);
    // @ts-expect-error the answer is another one
    const wrong: Promise<{ nichandle: number }> = api.get('/me');
    // @ts-expect-error an unknown path answers unknown
    void api.get('/mee').then((me) => me.nichandle);
    // @ts-expect-error no such member
    void api.get('/me').then((me) => me.nickname);
    return wrong;
  };
  expect(calls).toBeTypeOf('function');
});

test('enumerations: answers may have new values, known ones are proposed', () => {
  expectTypeOf<Inputs['vps.VpsNetbootEnum']>().toEqualTypeOf<'local' | 'rescue'>();
  expectTypeOf<'tomorrow'>().toExtend<Models['vps.VpsStateEnum']>();
  expectTypeOf<Models['vps.VpsStateEnum']>().toExtend<string>();
  expectTypeOf<Models['vps.VpsStateEnum']>().extract<'running'>().toEqualTypeOf<'running'>();
  expectTypeOf<Models['vps.VPSWithIAM']['iam']>().toEqualTypeOf<Models['iam.ResourceMetadata'] | null>();
});

test('X37: lists, pages and waits know what they give', () => {
  const calls = () => {
    expectTypeOf(api.list('/vps')).resolves.toEqualTypeOf<Models['vps.VPSWithIAM'][]>();
    expectTypeOf(api.list('/vps', { expand: 'auto' })).resolves.toEqualTypeOf<Models['vps.VPSWithIAM'][]>();
    expectTypeOf(api.list('/vps', { expand: false })).resolves.toEqualTypeOf<string[]>();
    expectTypeOf(api.list('/vps', { onItemError: 'collect' })).resolves.toEqualTypeOf<Item<Models['vps.VPSWithIAM']>[]>();
    expectTypeOf(api.list('/vps/{serviceName}/disks', s)).resolves.toEqualTypeOf<Models['vps.Disk'][]>();
    expectTypeOf(api.list('/cloud/project/{serviceName}/flavor', s)).resolves.toEqualTypeOf<Models['cloud.flavor.Flavor'][]>();
    expectTypeOf(api.expand('/dedicated/server', ['a'])).resolves.toEqualTypeOf<Models['dedicated.server.DedicatedWithIAM'][]>();
    expectTypeOf(api.expand('/vps/{serviceName}/disks', [1], { ...s, onItemError: 'collect' })).resolves.toEqualTypeOf<
      Item<Models['vps.Disk']>[]
    >();
    expectTypeOf(api.batch('/me/api/credential', [1])).resolves.toEqualTypeOf<Models['auth.ApiCredential'][]>();
    expectTypeOf(api.paginate('/v2/iam/resource', { size: 100, query: { resourceType: ['vps'] } })).toEqualTypeOf<
      Pages<Models['iam.resource.Resource']>
    >();
    expectTypeOf(
      api.waitForTask('/dedicated/server/{serviceName}/task/{taskId}', { path: { serviceName: 'x', taskId: 1 }, interval: 10 }),
    ).resolves.toEqualTypeOf<Models['dedicated.server.Task']>();
    // @ts-expect-error the variable is missing
    void api.list('/vps/{serviceName}/disks');
    // @ts-expect-error the variable is missing
    void api.list('/vps/{serviceName}/disks', { onItemError: 'collect' });
    // @ts-expect-error the variable is missing
    void api.expand('/vps/{serviceName}/disks', [1]);
    // @ts-expect-error no such parameter
    void api.paginate('/v2/iam/resource', { query: { type: 'vps' } });
    // @ts-expect-error no such mode
    void api.list('/vps', { expand: 'always' });
  };
  expect(calls).toBeTypeOf('function');
});

describe('without schemas, and beside them', () => {
  test('the template says its variables', () => {
    expectTypeOf<VariablesOf<'/x/{a}/{b}'>>().toEqualTypeOf<'a' | 'b'>();
    expectTypeOf<VariablesOf<'/x?filter={a}'>>().toBeNever();
    expectTypeOf<VariablesOf<'/x/y'>>().toBeNever();
    expectTypeOf<VariablesOf<string>>().toBeNever();
    const calls = (anyPath: string, name: string) => {
      void plain.get('/x/{a}/{b}', { path: { a: 'x', b: 2 } });
      void plain.get(anyPath);
      void plain.get(anyPath, { path: { whatever: 1 }, query: { a: [1] }, body: { b: 1 } });
      void plain.get(`/x/${name}`);
      void plain.get(`/x/${name}/{id}`, { path: { id: 1 } });
      void api.get('/x/{a}', { path: { a: true } });
      // @ts-expect-error a variable is missing
      void plain.get('/x/{a}/{b}', { path: { a: 'x' } });
      // @ts-expect-error the variable has another name
      void plain.post('/x/{a}', { path: { c: 'x' } });
      // @ts-expect-error the variables are missing
      void plain.delete('/x/{a}');
      // @ts-expect-error a variable is no list
      void plain.put('/x/{a}', { path: { a: ['x'] } });
      // @ts-expect-error the variable is missing, in a route that the schemas do not have
      void api.get('/x/{a}');
    };
    expect(calls).toBeTypeOf('function');
  });

  test('a type that the caller gives counts, on every path', () => {
    interface Mine {
      readonly mine: true;
    }
    const calls = <T>(path: string) => {
      expectTypeOf(plain.get('/x')).resolves.toEqualTypeOf<unknown>();
      expectTypeOf(plain.get<Mine>('/x')).resolves.toEqualTypeOf<Mine>();
      expectTypeOf(api.get<Mine>('/me')).resolves.toEqualTypeOf<Mine>();
      expectTypeOf(api.get<string>(path, { path: { a: 1 } })).resolves.toEqualTypeOf<string>();
      expectTypeOf(plain.list<Mine>('/x', { onItemError: 'collect' })).resolves.toEqualTypeOf<Item<Mine>[]>();
      expectTypeOf(plain.paginate<Mine>('/x')).toEqualTypeOf<Pages<Mine>>();
      expectTypeOf(api.request<Mine>('GET', '/me')).resolves.toEqualTypeOf<Mine>();
      const generic: Promise<T> = api.get<T>(path);
      const asked: Promise<Mine> = plain.get('/x');
      return [generic, asked];
    };
    expect(calls).toBeTypeOf('function');
  });

  test('a typed client is a client: helpers take either', () => {
    const helper = (client: OvhClient): string => client.endpoint.name ?? '';
    const typed = createClient<Routes>(OFFLINE);
    expectTypeOf(typed.with({ timeout: 1 }).get('/auth/time')).resolves.toBeNumber();
    expect(helper(typed)).toBe(helper(createClient(OFFLINE)));
  });
});

test('typedPath: a written path knows its template', () => {
  const at = typedPath<Routes>();
  expect(at('/vps/vps-1')).toBe('/vps/vps-1');
  const calls = (name: string) => {
    expectTypeOf(api.get(at('/vps/vps-1'))).resolves.toEqualTypeOf<Models['vps.VPSWithIAM']>();
    expectTypeOf(api.get(at(`/vps/${name}/disks/3`))).resolves.toEqualTypeOf<Models['vps.Disk']>();
    expectTypeOf(api.get(at('/me'))).resolves.toEqualTypeOf<Models['nichandle.Nichandle']>();
    expectTypeOf(api.put(at('/vps/vps-1'), { body: { displayName: 'x' } })).resolves.toBeNull();
    expectTypeOf(api.list(at('/vps'))).resolves.toEqualTypeOf<Models['vps.VPSWithIAM'][]>();
    // @ts-expect-error no template fits
    at('/vsp/vps-1');
    // @ts-expect-error a segment too many
    at('/vps/vps-1/disks/3/4');
    // @ts-expect-error no such method
    void api.post(at('/vps/vps-1'));
    // @ts-expect-error the body is wrong
    void api.put(at('/vps/vps-1'), { body: { state: 'running' } });
    // @ts-expect-error the variables are in the path already
    void api.get(at('/vps/vps-1'), { path: { serviceName: 'x' } });
  };
  expect(calls).toBeTypeOf('function');
});
