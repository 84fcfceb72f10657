import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { pkiRoutes } from '../src/api/pki.ts';
import { routesOf } from '../src/api/routes.ts';
import { ssoRoutes } from '../src/api/sso.ts';
import type { Parts } from '../src/service/parts.ts';

/** Routes are made without a gateway: nothing is called. */
const nothing = new Proxy({}, { get: () => ({}) }) as Parts;

async function documented(): Promise<string[]> {
  const text = await readFile(new URL('../../../docs/bridges/ovirt.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| `(\/[^`]*)` +\| ([A-Z, ]+?) +\|/gm)];
  return rows.flatMap(([, path, methods = '']) => methods.split(', ').map((method) => `${method} ${path}`)).toSorted();
}

test('docs/bridges/ovirt.md lists exactly the methods and paths that are served', async () => {
  const api = routesOf(nothing).map(({ method, path }) => `${method} ${path}`);
  const plain = [...ssoRoutes(nothing), ...pkiRoutes(nothing)].flatMap(({ methods, path }) => methods.map((method) => `${method} ${path}`));
  const logout = ['GET /logout', 'POST /logout'];

  expect(await documented()).toEqual([...api, ...plain, ...logout].toSorted());
});
