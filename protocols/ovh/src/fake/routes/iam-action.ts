import type { Route } from './route.ts';

const TYPES: ReadonlyArray<readonly [string, string]> = [
  ['/dedicated/server', 'dedicatedServer'],
  ['/vps', 'vps'],
  ['/cloud/project', 'publicCloudProject'],
  ['/v2/publicCloud/project', 'publicCloudProject'],
  ['/domain/zone', 'dnsZone'],
  ['/domain', 'domain'],
  ['/ip', 'ip'],
  ['/vrack', 'vrack'],
];

const VERBS = { GET: 'get', PUT: 'edit', DELETE: 'delete', POST: 'create' } as const;

/** The IAM action of a route: `vps:apiovh:reboot`, `dedicatedServer:apiovh:serviceInfos/get`. */
export function iamActionOf(route: Pick<Route, 'method' | 'path'>): string {
  const [prefix, type] = TYPES.find(([start]) => route.path === start || route.path.startsWith(`${start}/`)) ?? ['', 'account'];
  const words = route.path
    .slice(prefix.length)
    .split('/')
    .filter((segment) => segment !== '' && !segment.startsWith('{'));
  const isAction = route.method === 'POST' && route.path.includes('{');
  return `${type}:apiovh:${[...words, ...(isAction ? [] : [VERBS[route.method]])].join('/')}`;
}
