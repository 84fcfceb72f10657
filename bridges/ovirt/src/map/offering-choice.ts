import type { DiskOffering, ServiceOffering } from '@fairlead/cloudstack';

/** The size that a VM shall have, and offerings that would be preferred. */
export interface SizeWish {
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly zoneId: string;
  /** Offerings to try first: that of `cpu_profile`, that of the OVF. */
  readonly preferred: readonly string[];
  /** Domain of the caller, for offerings that belong to one; undefined: all. */
  readonly domainId: string | undefined;
}

export interface OfferingChoice {
  readonly offering: ServiceOffering;
  /** What a customized offering must be told (ovirt 5.7.3). */
  readonly details: Readonly<Record<string, string>>;
}

/** MHz, where a customized offering leaves the speed open. */
const CUSTOM_SPEED = 1000;

/** The offering for a size: a preferred one that fits, one of exactly that size, a customized one that includes it (ovirt 5.7.3). */
export function chooseOffering(offerings: readonly ServiceOffering[], wish: SizeWish): OfferingChoice | undefined {
  const usable = offerings.filter((offering) => isUsable(offering, wish) && fits(offering, wish));
  const preferred = wish.preferred.map((id) => usable.find((offering) => offering.id === id)).find((offering) => offering !== undefined);
  const offering = preferred ?? usable.find((one) => one.iscustomized !== true) ?? usable[0];
  return offering && { offering, details: detailsOf(offering, wish) };
}

/** A disk offering of custom size for a kind of storage; `preferred` first when it can have that size (ovirt 5.8). */
export function chooseDiskOffering(
  offerings: readonly DiskOffering[],
  wish: {
    readonly sizeGiB: number;
    readonly zoneId: string;
    readonly isLocal: boolean;
    readonly preferred: string | undefined;
    readonly domainId: string | undefined;
  },
): DiskOffering | undefined {
  const storage = wish.isLocal ? 'local' : 'shared';
  const usable = offerings.filter(
    (offering) =>
      isUsable(offering, wish) &&
      (offering.storagetype ?? 'shared') === storage &&
      offering.encrypt !== true &&
      offering.iscustomizediops !== true,
  );
  const preferred = usable.find((offering) => offering.id === wish.preferred);
  if (preferred !== undefined && (preferred.iscustomized === true || preferred.disksize === wish.sizeGiB)) return preferred;
  return usable.find((offering) => offering.iscustomized === true);
}

interface Offering {
  readonly state?: string | undefined;
  readonly zoneid?: string | undefined;
  readonly domainid?: string | undefined;
}

/** Several zones or domains are one text with commas. */
function isUsable(offering: Offering, wish: { readonly zoneId: string; readonly domainId: string | undefined }): boolean {
  const isActive = (offering.state ?? 'Active') === 'Active';
  const inZone = offering.zoneid === undefined || offering.zoneid.split(',').includes(wish.zoneId);
  const inDomain = offering.domainid === undefined || wish.domainId === undefined || offering.domainid.split(',').includes(wish.domainId);
  return isActive && inZone && inDomain;
}

function fits(offering: ServiceOffering, { cpu, memoryMiB }: SizeWish): boolean {
  if (offering.issystem === true) return false;
  if (offering.iscustomized !== true) return offering.cpunumber === cpu && offering.memory === memoryMiB;
  const bounds = offering.serviceofferingdetails;
  return isWithin(cpu, bounds.mincpunumber, bounds.maxcpunumber) && isWithin(memoryMiB, bounds.minmemory, bounds.maxmemory);
}

function isWithin(value: number, least: string | undefined, most: string | undefined): boolean {
  return value >= Number(least ?? 0) && value <= Number(most ?? Number.POSITIVE_INFINITY);
}

function detailsOf(offering: ServiceOffering, { cpu, memoryMiB }: SizeWish): Readonly<Record<string, string>> {
  if (offering.iscustomized !== true) return {};
  const speed = offering.cpuspeed === undefined ? { cpuSpeed: String(CUSTOM_SPEED) } : {};
  return { cpuNumber: String(cpu), memory: String(memoryMiB), ...speed };
}
