import type { RecordHardware } from '../record.ts';
import { asNumber, compactOrNone, memberOf, numberOf, rowsIn, someOf, textOf } from './values.ts';

/** OVHcloud counts memory in powers of two and disks in powers of ten, and calls both MB, GB or TB. */
const MEMORY_IN_MIB: ReadonlyMap<string, number> = new Map([
  ['KB', 1 / 1024],
  ['KIB', 1 / 1024],
  ['MB', 1],
  ['MIB', 1],
  ['MO', 1],
  ['GB', 1024],
  ['GIB', 1024],
  ['GO', 1024],
  ['TB', 1024 * 1024],
  ['TIB', 1024 * 1024],
]);
const DISK_IN_GB: ReadonlyMap<string, number> = new Map([
  ['MB', 1 / 1000],
  ['MO', 1 / 1000],
  ['GB', 1],
  ['GO', 1],
  ['TB', 1000],
  ['TO', 1000],
]);
/** Flavors give memory in GiB; older ones in MiB, which nobody has less than 256 of. */
const SMALLEST_MIB = 256;

/** Of `specifications/hardware`; cores and threads are of all processors together. */
export function serverHardware(hardware: unknown): RecordHardware | undefined {
  const count = numberOf(hardware, 'numberOfProcessors');
  const each = count ?? 1;
  return compactOrNone({
    cpu: compactOrNone({
      name: textOf(hardware, 'processorName'),
      cores: times(numberOf(hardware, 'coresPerProcessor'), each),
      threads: times(numberOf(hardware, 'threadsPerProcessor'), each),
      count,
    }),
    memoryMiB: amountIn(MEMORY_IN_MIB, memberOf(hardware, 'memorySize')),
    disks: someOf(rowsIn(memberOf(hardware, 'diskGroups')).flatMap(diskGroup)),
  });
}

/** Of a VPS; its disk is one. */
export function vpsHardware(vps: unknown): RecordHardware | undefined {
  const model = memberOf(vps, 'model');
  return sized(
    numberOf(vps, 'vcore') ?? numberOf(model, 'vcore'),
    numberOf(vps, 'memoryLimit') ?? numberOf(model, 'memory'),
    numberOf(model, 'disk'),
  );
}

/** Of the flavor of an instance. */
export function flavorHardware(flavor: unknown): RecordHardware | undefined {
  const ram = numberOf(flavor, 'ram');
  return sized(numberOf(flavor, 'vcpus'), ram === undefined ? undefined : flavorMemory(ram), numberOf(flavor, 'disk'));
}

function flavorMemory(ram: number): number {
  return ram < SMALLEST_MIB ? Math.round(ram * 1024) : Math.round(ram);
}

function sized(cores: number | undefined, memoryMiB: number | undefined, diskGB: number | undefined): RecordHardware | undefined {
  return compactOrNone({
    cpu: cores === undefined ? undefined : { cores },
    memoryMiB,
    disks: diskGB === undefined || diskGB <= 0 ? undefined : [{ count: 1, sizeGB: diskGB }],
  });
}

function diskGroup(group: unknown): NonNullable<RecordHardware['disks']>[number][] {
  const sizeGB = amountIn(DISK_IN_GB, memberOf(group, 'diskSize'));
  if (sizeGB === undefined) return [];
  const type = textOf(group, 'diskType');
  return [{ count: numberOf(group, 'numberOfDisks') ?? 1, sizeGB, ...(type === undefined ? {} : { type }) }];
}

/** Of a `{unit, value}`; nothing where the unit is not known. */
function amountIn(units: ReadonlyMap<string, number>, amount: unknown): number | undefined {
  const value = asNumber(memberOf(amount, 'value'));
  const factor = units.get(textOf(amount, 'unit')?.toUpperCase() ?? '');
  return value === undefined || factor === undefined ? undefined : Math.round(value * factor);
}

function times(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor;
}
