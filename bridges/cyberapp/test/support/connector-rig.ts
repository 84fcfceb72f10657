import { join } from 'node:path';
import { Audit } from '@fairlead/kernel/audit';
import { loadConfig } from '@fairlead/kernel/config';
import { type Job, Jobs } from '@fairlead/kernel/jobs';
import { AsyncScope, type BridgeContext, ServiceRegistry } from '@fairlead/kernel/lifecycle';
import { Limits } from '@fairlead/kernel/limits';
import { Metrics } from '@fairlead/kernel/metrics';
import { Secrets } from '@fairlead/kernel/secrets';
import type { InventoryFact, InventoryItem, InventorySource } from '@fairlead/kernel/services';
import { Sessions } from '@fairlead/kernel/sessions';
import { kernelMigrations, migrate, type Store } from '@fairlead/kernel/store';
import { captureLog } from '@fairlead/testkit/capture';
import { testAuthority } from '@fairlead/testkit/certs';
import { sections } from '../../src/config.ts';
import { Connector } from '../../src/connector.ts';
import { Sources } from '../../src/service/desire/sources.ts';
import { CLIENT_ID, connectorWorld, SECRET, type WorldOptions } from './connector-world.ts';
import type { NewPlace } from './places.ts';

/** What CloudStack would tell; tests change it. */
export interface Told {
  items: readonly InventoryItem[];
  facts: readonly InventoryFact[];
  complete: boolean;
}

export interface GatewayOptions {
  readonly store?: Store;
  readonly node?: string;
  /** Lines of `[connector]`. */
  readonly keys?: string;
  /** Sections of data centers; default: one for each that the fake has. */
  readonly sections?: string;
}

/** The world of runs with TLS, a told inventory, and gateways that are started from a configuration. */
export async function connectorRig(newPlace: NewPlace, options: WorldOptions = {}) {
  await using scope = new AsyncScope();
  const authority = scope.use(await testAuthority());
  const { cert, key } = authority;
  const world = await connectorWorld(newPlace, { ...options, fake: { tls: { cert, key }, ...options.fake } });
  scope.defer(() => world[Symbol.asyncDispose]());
  await migrate(world.store, kernelMigrations);
  const told: Told = { items: [], facts: [], complete: true };
  const source: InventorySource = {
    list: async () => ({ items: told.items, complete: told.complete }),
    conditions: async () => ({ facts: told.facts, complete: told.complete }),
  };
  const captured = captureLog();
  const sources = new Sources({ store: world.store, clock: world.clock, inventories: () => ({ cloudstack: source }) });
  const dcs = options.fake?.datacenters ?? ['eu8'];
  const gateway = async ({ store = world.store, node = 'here', keys = '', sections: more }: GatewayOptions = {}) => {
    const context = contextOf({ store, log: captured.log, stateDir: authority.stateDir, authority: authority.authority });
    context.services.provide('inventory.cloudstack', source);
    const usual = dcs.map((id) => sectionOf(id, world.fake.url(id))).join('');
    const settings = settingsOf(`${keys}\n${more ?? usual}`);
    const connector = await Connector.start({ context, settings, ca: authority.ca, node, random: () => 0 });
    return { connector, context, settings };
  };
  const held = scope.move();
  return {
    world,
    told,
    sources,
    captured,
    gateway,
    /** Periodic work of a gateway, beside that of others. */
    work: ({ store, clock, log, metrics }: BridgeContext, jobs: readonly Job[]) =>
      new Jobs(jobs, { store, clock, log, metrics, random: () => 0 }),
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}

export function sectionOf(id: string, url: string, secret = SECRET): string {
  return `[connector ${id}]\ndc_url = ${url}\nclient_id = ${CLIENT_ID}\nclient_secret = ${secret}\n`;
}

/** `text` follows `[connector]`. */
export function settingsOf(text: string) {
  const whole = `[cyberapp]\napp_code = acme.fairlead\n[connector]\nallow_private = true\nrequests_per_second = 1000\n${text}`;
  return loadConfig({ text: whole, env: {}, sections: [...sections] }).values(...sections);
}

export interface ContextParts {
  readonly store: Store;
  readonly log: BridgeContext['log'];
  readonly stateDir: string;
  readonly authority: BridgeContext['authority'];
}

export function contextOf({ store, log, stateDir, authority }: ContextParts): BridgeContext {
  const { clock } = store;
  const secrets = new Secrets('a server secret of the tests, long enough');
  const metrics = new Metrics({ log });
  return {
    ...{ store, clock, log, secrets, metrics, authority },
    audit: new Audit({ store, log, metrics }),
    limits: new Limits({ store, clock }),
    sessions: new Sessions({ store, secrets, clock }),
    services: new ServiceRegistry(),
    server: { publicAddress: '127.0.0.1', host: '127.0.0.1', port: 0, path: '/', stateDir, runDir: join(stateDir, 'run') },
  };
}
