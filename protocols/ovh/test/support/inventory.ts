import type { FakeOvh, Server } from '../../src/fake/index.ts';
import type { Inventory, InventoryClient, InventoryRecord } from '../../src/inventory/index.ts';
import type { World } from './world.ts';

/** A small account with one of everything. */
export const SMALL = { servers: 2, vps: 1, projects: 1, instances: 2, domains: 1, ips: 1, vracks: 0 } as const;

/** The names that the fake's world has, as an inventory orders them. */
export function namesIn(fake: FakeOvh): string[] {
  const { servers, vps, projects, domains, ips } = fake.state;
  const instances = [...projects.values()].flatMap((project) => [...project.instances.keys()]);
  return [servers.keys(), vps.keys(), instances, domains.keys(), ips.keys()].flatMap((names) => [...names].sort());
}

export function namesOf({ records }: Inventory): string[] {
  return records.map((record) => record.name);
}

/** The record of a name. Throws when there is none. */
export function recordOf({ records }: Inventory, name: string): InventoryRecord {
  const found = records.find((record) => record.name === name);
  if (found === undefined) throw new Error(`no record of ${name}`);
  return found;
}

/** The first server of the world; tests change it. */
export function firstServer({ fake }: Pick<World, 'fake'>): { readonly name: string; readonly server: Server } {
  const [[name, server] = []] = fake.state.servers;
  if (name === undefined || server === undefined) throw new Error('the world has no server');
  return { name, server };
}

/** A client of a fake that says it is of another endpoint, as `kimsufi-eu`. */
export function clientAt({ client }: Pick<World, 'client'>, name: string, v2: boolean): InventoryClient {
  return { endpoint: { ...client.endpoint, name, v2 }, request: (method, path, options) => client.request(method, path, options) };
}

/** How the API answers for a route that it does not have. */
export const NO_ROUTE = { kind: 'status', status: 404, class: 'Client::NotFound', message: 'Got an invalid (or empty) URL' } as const;
