import { splitMatrix } from '@fairlead/ovirt/codec';
import type { PlainRoute } from './plain-calls.ts';
import { segmentsOf, withoutLastSlashes } from './request.ts';
import type { RouteTable } from './routing.ts';

interface Routing {
  readonly base: string;
  readonly routes: RouteTable;
  readonly plain: readonly PlainRoute[];
}

/** Under which path a request is counted: that of its route with the names of its parameters; nothing that a caller wrote. */
export function templateOf(method: string, url: string, { base, routes, plain }: Routing): string {
  const path = pathOf(url);
  const below = path.startsWith(`${base}/`) ? path.slice(base.length) : path;
  const [, version = '', rest] = /^\/api(\/v4)?(\/.*)?$/.exec(below) ?? [];
  const isApi = /^\/api(\/|$)/.test(below) && path !== '/ca.crt';
  if (!isApi) {
    const wanted = withoutLastSlashes(below);
    return plain.find((route) => route.path === wanted)?.path ?? 'none';
  }
  const segments = segmentsOf(rest ?? '');
  if (segments === undefined) return 'none';
  if (version === '' && segments.length === 1 && segments[0]?.toLowerCase() === 'logout') return '/api/logout';
  const match = routes.match(method, segments);
  if (match.kind === 'route') return `/api${match.route.path}`;
  return match.kind === 'empty' ? '/api/:empty' : 'none';
}

/** What `readIncoming` refuses has no template. */
function pathOf(url: string): string {
  try {
    return splitMatrix(url.split('?', 1)[0] ?? '').path;
  } catch {
    return '';
  }
}
