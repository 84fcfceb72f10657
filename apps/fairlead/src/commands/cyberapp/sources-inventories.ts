import { openInventory as openSites, bridge as sites } from '@fairlead/bridge-cce';
import { openInventory as openServices, bridge as services } from '@fairlead/bridge-ovh';
import { bridge as cloud, openInventory as openCloud } from '@fairlead/bridge-ovirt';
import { systemClock } from '@fairlead/kernel/clock';
import { type LoadedConfig, ServerSection } from '@fairlead/kernel/config';
import { AsyncScope, ServiceRegistry } from '@fairlead/kernel/lifecycle';
import { silentLog } from '@fairlead/kernel/log';
import type { InventorySource } from '@fairlead/kernel/services';
import { Sessions } from '@fairlead/kernel/sessions';
import type { Store } from '@fairlead/kernel/store';
import { serverSecrets } from '../../compose/state.ts';
import type { Output } from '../../output.ts';
import { interruption } from '../ovh/shared/interruption.ts';
import { type CareOptions, type Desk, shown, withDesk } from './shared.ts';

/** A desk at which one can ask what is run. */
export interface InventoryDesk extends Desk {
  /** `inventory.*` of each bridge that the configuration switches on, as the gateways of this store tell it. */
  readonly services: ServiceRegistry;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}

/**
 * As `withDesk`, with the inventories. They are read from the store and from what the gateway itself reads; whether one runs is no matter. What
 * cannot be opened here is told as incomplete, so that nothing of it counts as gone.
 */
export async function withInventories<T>(options: CareOptions, output: Output, work: (desk: InventoryDesk) => Promise<T>): Promise<T> {
  using stop = interruption();
  return await withDesk(options, async (desk) => {
    await using scope = new AsyncScope();
    const registry = await openInventories(desk, output, scope);
    return await work({ ...desk, services: registry, signal: stop.signal });
  });
}

type Opened = InventorySource | Promise<InventorySource>;

async function openInventories({ config, store }: Desk, output: Output, scope: AsyncScope): Promise<ServiceRegistry> {
  const context = contextOf(config, store);
  const registry = new ServiceRegistry();
  const provide = async (name: 'cloudstack' | 'blueonyx' | 'ovh', open: () => Opened) =>
    registry.provide(
      `inventory.${name}`,
      telling(await orIncomplete(open), (reason) => output.tell(`${name}: ${shown(reason)}`)),
    );
  if (config.on(cloud.config)) await provide('cloudstack', () => openCloud(context, config.values(...cloud.config)));
  if (config.on(sites.config)) await provide('blueonyx', () => openSites(context, config.values(...sites.config).cce, scope));
  if (config.on(services.config)) await provide('ovh', () => openServices(context, config.values(...services.config)));
  return registry;
}

function contextOf(config: LoadedConfig, store: Store) {
  const { server } = config.values(ServerSection);
  const sessions = new Sessions({ store, secrets: serverSecrets(config), clock: systemClock });
  const places = { publicAddress: '', host: '', port: 0, path: '', stateDir: server.state_dir, runDir: server.run_dir };
  return { store, clock: systemClock, log: silentLog(), sessions, server: places };
}

/** A source that cannot be opened is there all the same: it tells nothing, and that this is not everything. */
async function orIncomplete(open: () => Opened): Promise<InventorySource> {
  try {
    return await open();
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it cannot be opened';
    const nothing = { complete: false, reason } as const;
    return { list: async () => ({ ...nothing, items: [] }), conditions: async () => ({ ...nothing, facts: [] }) };
  }
}

/** Says once why a source is not complete. */
function telling(source: InventorySource, tell: (reason: string) => void): InventorySource {
  const told = new Set<string>();
  const noted = <Answer extends { readonly complete: boolean; readonly reason?: string }>(answer: Answer): Answer => {
    const { complete, reason = 'not everything was read' } = answer;
    if (!complete && !told.has(reason)) tell(reason);
    if (!complete) told.add(reason);
    return answer;
  };
  return { list: async (signal) => noted(await source.list(signal)), conditions: async (signal) => noted(await source.conditions(signal)) };
}
