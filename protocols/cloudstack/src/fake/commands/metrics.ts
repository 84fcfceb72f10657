import type { Command, CommandTable, Context } from '../command.ts';
import { SAMPLES } from '../data/samples.ts';
import type { Vm } from '../model.ts';
import { dateText } from '../time.ts';
import { infrastructureCommands } from './infrastructure.ts';
import { vmCommands } from './vms.ts';
import { volumeCommands } from './volumes.ts';

/** The lists that the user interface asks for: those of the same name with measured values before each item. */
export const metricsCommands: CommandTable = {
  listHostsMetrics: measured(infrastructureCommands.listHosts, () => SAMPLES.hostMetrics),
  listStoragePoolsMetrics: measured(infrastructureCommands.listStoragePools, () => SAMPLES.storagePoolMetrics),
  listVirtualMachinesMetrics: measured(vmCommands.listVirtualMachines, vmMetrics),
  listVolumesMetrics: measured(volumeCommands.listVolumes, (item) => ({
    sizegb: `${(Number(item.size) / 1024 ** 3).toFixed(2)} GiB`,
    ...(item.diskkbsread === undefined ? {} : { diskiopstotal: 0 }),
  })),
  listVirtualMachinesUsageHistory: (context) => usageHistory(context),
};

type Item = Readonly<Record<string, unknown>>;

function measured(list: Command | undefined, metrics: (item: Item) => object): Command {
  return async (context) => {
    const answer = (await list?.(context)) ?? {};
    return Object.fromEntries(
      Object.entries(answer).map(([key, value]) => [
        key,
        Array.isArray(value) ? value.map((item: Item) => ({ ...metrics(item), ...withoutPath(item) })) : value,
      ]),
    );
  };
}

/** These lists do not say the path of the domain. */
function withoutPath({ domainpath: _path, ...rest }: Item): object {
  return rest;
}

function vmMetrics(item: Item): object {
  const seen = item.networkkbsread !== undefined;
  return {
    cputotal: `${(Number(item.cpunumber) * Number(item.cpuspeed)) / 1000} Ghz`,
    memorytotal: `${(Number(item.memory) / 1024).toFixed(2)} GiB`,
    ...(seen ? { networkread: '32.00 MiB', networkwrite: '16.00 MiB', diskread: '0.00 MiB', diskwrite: '0.00 MiB', diskiopstotal: 0 } : {}),
  };
}

function usageHistory(context: Context): object {
  const { cloud } = context;
  const listed = vmCommands.listVirtualMachines?.(context) as { count?: number; virtualmachine?: ReadonlyArray<{ id: string }> };
  if (listed.count === undefined) return {};
  const rows = (listed.virtualmachine ?? []).flatMap(({ id }) => cloud.vms.filter((vm) => vm.id === id));
  return { count: listed.count, virtualmachine: rows.map((vm) => historyView(vm, cloud.clock.now())) };
}

function historyView(vm: Vm, now: number): object {
  const stats = vm.stats ? [{ timestamp: dateText(now), ...SAMPLES.vmStatistics }] : [];
  return { id: vm.id, name: `i-${vm.owner.n}-${vm.n}-VM`, displayname: vm.displayname, stats };
}
