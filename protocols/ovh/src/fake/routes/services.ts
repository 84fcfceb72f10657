import { listing } from './lists.ts';
import { type Asked, type Route, rowOf } from './route.ts';

/** Every service, whatever it is; `/service` is the older name (10.1). */
export const serviceRoutes: readonly Route[] = ['/services', '/service'].flatMap((path) =>
  listing({
    path,
    variable: 'serviceId',
    model: 'services.expanded.Service',
    ids: 'long',
    query: { resourceName: 'string?', routes: 'string?' },
    all: serviceIds,
    one: (id, asked) => rowOf(asked.world.state.services, Number(id), 'serviceId'),
  }),
);

function serviceIds(asked: Asked): number[] {
  const { query } = asked.call;
  const [name, route] = [query.get('resourceName'), query.get('routes')];
  const rows = [...asked.world.state.services].filter(([, row]) => {
    const { resource, route: place } = row as { resource: { name: string }; route: { path: string } };
    return (name === null || resource.name === name) && (route === null || place.path === route);
  });
  return rows.map(([id]) => id);
}
