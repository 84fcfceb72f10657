import { describe, expect, test } from 'vitest';
import { RouteAdvice } from './advice.ts';
import type { RouteMetadata } from './metadata.ts';

const METADATA: RouteMetadata = {
  routes: {
    'GET /me': {},
    'PUT /me': {},
    'GET /auth/time': { noAuth: true },
    'GET /vps': { expandable: true },
    'GET /vps/datacenter': { deprecated: {} },
    'GET /vps/{serviceName}': {},
    'GET /vps/{serviceName}/activeOptions': {
      deprecated: { since: '2013-10-23', until: '2013-11-23', replacement: '/vps/{serviceName}/option' },
    },
    'GET /ip/{ip}/move': {},
    'GET /ip/campus/{name}/x': {},
    'GET /v2/iam/resource': { paginated: true },
  },
  secrets: [],
};

function advice() {
  const warnings: string[] = [];
  const it = new RouteAdvice(METADATA, (message) => warnings.push(message));
  const call = (method: string, path: string, authenticated = true) => it.look({ method, path, authenticated });
  return { it, call, warnings };
}

test('N11 X36: a deprecated route is warned of once, with its days and what replaces it', () => {
  const { call, warnings } = advice();
  call('GET', '/vps/{serviceName}/activeOptions');
  call('get', '/vps/vps-1/activeOptions?x=1');
  call('GET', '/1.0/vps/{other}/activeOptions');
  expect(warnings).toEqual([
    'GET /vps/{serviceName}/activeOptions is tagged DEPRECATED since 2013-10-23, to be removed on 2013-11-23; use /vps/{serviceName}/option',
  ]);
  call('GET', '/vps/datacenter');
  expect(warnings[1]).toBe('GET /vps/datacenter is tagged DEPRECATED');
});

test('N12 N13: a path that no schema has is warned of once', () => {
  const { call, warnings } = advice();
  for (const path of ['/meh', '/meh/', '/v1/meh', '/iam/resource']) call('GET', path);
  expect(warnings).toEqual(['GET /meh is unknown: no schema has this path', 'GET /iam/resource is unknown: no schema has this path']);
});

test('N14: a method that the path has not, is warned of with those that it has', () => {
  const { call, warnings } = advice();
  call('DELETE', '/me');
  call('DELETE', '/me');
  expect(warnings).toEqual(['/me has no method DELETE, but GET, PUT']);
});

test('N15: a call without identity is warned of, unless anybody may make it', () => {
  const { call, warnings } = advice();
  call('GET', '/auth/time', false);
  call('GET', '/me', false);
  call('GET', '/me', false);
  expect(warnings).toEqual(['GET /me needs a consumer key or another identity, but is called without']);
});

describe('a path is found', () => {
  test.each([
    ['/vps/datacenter', true],
    ['/vps/{serviceName}', true],
    ['/vps/{name}', true],
    ['/ip/campus/move', true],
    ['/ip/campus/gra/x', true],
    ['/ip/{ip}/move', true],
    ['https://eu.api.ovh.com/1.0/vps/a%2Fb', true],
    ['https://eu.api.ovh.com/v2/iam/resource', true],
    ['vps', true],
    ['/vps/', true],
    ['/vps//', false],
    ['/ip/campus/gra/y', false],
    ['/v2/vps', false],
    ['/__proto__', false],
    ['/', false],
    ['', false],
  ])('%s: %s', (path, known) => {
    const { it } = advice();
    expect(it.factsOf('GET', path) !== undefined).toBe(known);
  });
});

test('warnings end somewhere, however many paths a program makes up', () => {
  const { call, warnings } = advice();
  for (let n = 0; n < 12_000; n += 1) call('GET', `/x${n}`);
  expect(warnings).toHaveLength(10_000);
});
