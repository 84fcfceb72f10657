import { expect, test } from 'vitest';
import { callOutcome } from '../metrics.ts';
import type { PlainRoute } from './plain-calls.ts';
import type { Route } from './route.ts';
import { RouteTable } from './routing.ts';
import { templateOf } from './template.ts';

const route = (method: Route['method'], path: string): Route => ({ method, path, handle: () => Promise.reject(new Error('not asked')) });
const plain: readonly PlainRoute[] = [
  { methods: ['POST'], path: '/sso/oauth/token', handle: () => Promise.reject(new Error('not asked')) },
];
const routing = {
  base: '/ovirt-engine',
  routes: new RouteTable([route('GET', '/vms'), route('GET', '/vms/:vm'), route('POST', '/vms/:vm/start')]),
  plain,
};

test.each([
  ['GET', '/ovirt-engine/api/vms', '/api/vms'],
  ['HEAD', '/ovirt-engine/api/VMS?max=1', '/api/vms'],
  ['GET', '/ovirt-engine/api/v4/vms/secret-4711', '/api/vms/:vm'],
  ['POST', '/ovirt-engine/api/vms/secret-4711/start;async=true', '/api/vms/:vm/start'],
  ['DELETE', '/ovirt-engine/api/vms/secret-4711', 'none'],
  ['GET', '/ovirt-engine/api/logout', '/api/logout'],
  ['GET', '/ovirt-engine/api/secret-4711', 'none'],
  ['GET', '/ovirt-engine/api/%ff%fe', 'none'],
  ['GET', '/ovirt-engine/api/vms;%ff=1', 'none'],
  ['POST', '/ovirt-engine/sso/oauth/token?password=secret-4711', '/sso/oauth/token'],
  ['GET', '/ovirt-engine/secret-4711', 'none'],
])('%s %s is counted as %s', (method, url, expected) => {
  expect(templateOf(method, url, routing)).toBe(expected);
});

test.each([
  [200, 'ok'],
  [431, 'refused'],
  [530, 'failed'],
  [undefined, 'lost'],
])('a call that ends with %s is %s', (status, expected) => {
  expect(callOutcome(status)).toBe(expected);
});
