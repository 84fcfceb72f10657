import { listing } from './lists.ts';
import { type Asked, type Route, rowOf } from './route.ts';

const OLD = { since: '2026-01-01T00:00:00+00:00', until: '2027-12-31T00:00:00+00:00' };

/** Every service, whatever it is; `/service` is the older name, which the fake alone calls deprecated so that clients meet one (10.1). */
export const serviceRoutes: readonly Route[] = [
  ...servicesAt('/services'),
  ...servicesAt('/service').map((route) => ({
    ...route,
    deprecated: { ...OLD, replacement: route.path.replace('/service', '/services') },
  })),
];

function servicesAt(path: string): readonly Route[] {
  return listing({
    path,
    variable: 'serviceId',
    model: 'services.expanded.Service',
    ids: 'long',
    query: { resourceName: 'string?', routes: 'string?' },
    all: serviceIds,
    one: (id, asked) => rowOf(asked.world.state.services, Number(id), 'serviceId'),
  });
}

function serviceIds(asked: Asked): number[] {
  const { query } = asked.call;
  const [name, route] = [query.get('resourceName'), query.get('routes')];
  const rows = [...asked.world.state.services].filter(([, row]) => {
    const { resource, route: place } = row as { resource: { name: string }; route: { path: string } };
    return (name === null || resource.name === name) && (route === null || place.path === route);
  });
  return rows.map(([id]) => id);
}
