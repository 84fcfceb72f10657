import { expect, test } from 'vitest';
import type { Method, Route } from './route.ts';
import { RouteTable } from './routing.ts';

function route(method: Method, path: string): Route {
  return { method, path, handle: () => Promise.reject(new Error('not called')) };
}

const table = new RouteTable([
  route('GET', '/vms'),
  route('GET', '/vms/:vm'),
  route('DELETE', '/vms/:vm'),
  route('POST', '/vms/:vm/start'),
  route('GET', '/vms/:vm/backups/:backup'),
]);

test('names are found in any case, parameters stay as they are', () => {
  expect(table.match('GET', ['VMs', 'AbC', 'Backups', 'X'])).toMatchObject({ kind: 'route', params: { vm: 'AbC', backup: 'X' } });
});

test('HEAD is answered by GET', () => {
  expect(table.match('HEAD', ['vms'])).toMatchObject({ kind: 'route', route: { method: 'GET' } });
});

test('a wrong method says which are right', () => {
  expect(table.match('PUT', ['vms', '1'])).toEqual({ kind: 'other-methods', allow: ['GET', 'DELETE', 'HEAD'] });
  expect(table.match('GET', ['vms', '1', 'start'])).toEqual({ kind: 'other-methods', allow: ['POST'] });
});

test('a collection of oVirt that is not served is empty, one that oVirt has not is nothing', () => {
  expect(table.match('GET', ['vms', '1', 'GraphicsConsoles'])).toEqual({ kind: 'empty', type: 'graphics_console', parent: ['vms', '1'] });
  expect(table.match('GET', ['users'])).toEqual({ kind: 'empty', type: 'user', parent: [] });
  expect(table.match('POST', ['users'])).toMatchObject({ kind: 'other-methods' });
  expect(table.match('GET', ['nonsense'])).toEqual({ kind: 'nothing' });
  expect(table.match('GET', ['users', '1'])).toEqual({ kind: 'nothing' });
});

test('two routes for the same thing are a mistake of ours', () => {
  expect(() => new RouteTable([route('GET', '/vms/:a'), route('GET', '/vms/:b')])).toThrow(TypeError);
});
