import { Networks } from '@fairlead/kernel/access';
import { type Field, list, parseListenAddress, text } from '@fairlead/kernel/config';

const loopback = new Networks(['127.0.0.0/8', '::1']);

/** A list of `address:port`; the first is the one that clients on this machine look for. */
export function listenAddresses(options: { readonly default: readonly string[]; readonly doc: string }): Field<readonly string[]> {
  const plain = list(options);
  return {
    ...plain,
    allowed: 'a list of addresses with port such as 127.0.0.1:9092 or [::]:9092',
    read: (value, folder) => {
      const items = plain.read(value, folder);
      const wrong = items.find((one) => parseListenAddress(one) === undefined);
      if (items.length === 0 || wrong !== undefined) throw new RangeError(wrong ?? value);
      return items;
    },
  };
}

/** One `address:port` whose address is a loopback one: nothing else may be served without TLS (design 7). */
export function loopbackAddress(options: { readonly optional: true; readonly doc: string }): Field<string | undefined> {
  return {
    ...text(options),
    allowed: 'a loopback address with port such as 127.0.0.1:9080',
    read: (value) => {
      const address = parseListenAddress(value);
      if (address === undefined || !loopback.has(address.host)) throw new RangeError(value);
      return value;
    },
  };
}

const bytesOf = { B: 1, KiB: 1024, MiB: 1_048_576 } as const;

/** How many bytes one step of each is. */
export interface DiskUnits {
  readonly used: number;
  readonly quota: number;
}

/** `used=MiB, quota=MiB`; what is not named counts in MiB. */
export function diskUnits(options: { readonly default: readonly string[]; readonly doc: string }): Field<DiskUnits> {
  const plain = list(options);
  return {
    ...plain,
    allowed: 'used=<unit>, quota=<unit> with units B, KiB or MiB',
    read: (value, folder) => {
      const units: { used: number; quota: number } = { used: bytesOf.MiB, quota: bytesOf.MiB };
      for (const item of plain.read(value, folder)) {
        const [, what, unit] = /^(used|quota)=(B|KiB|MiB)$/.exec(item) ?? [];
        if (what === undefined || unit === undefined) throw new RangeError(value);
        units[what as 'used' | 'quota'] = bytesOf[unit as keyof typeof bytesOf];
      }
      return units;
    },
  };
}
