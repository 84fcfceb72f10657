import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An address in its one form: without a zone, IPv4 also when mapped into IPv6. `undefined` for what is no IP address. */
export function plainAddress(text: string): string | undefined {
  // Without leading zeros there is one way to write it.
  if (isIP(text) === 4) return text;
  const address = parseAddress(text);
  return address?.toString();
}

/** Whether a text is an address or a network in CIDR form, as `Networks` takes it. */
export function isNetwork(text: string): boolean {
  return parseNetwork(text) !== undefined;
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

interface Network {
  readonly address: Address;
  readonly bits: number;
}

/** A network in its one form. */
export interface PlainNetwork {
  /** Its first address, and the prefix unless it is a single address: `10.0.0.0/8`, `192.0.2.7`, `2001:db8::/32`. */
  readonly text: string;
  /** Bits of the prefix: of two networks that hold an address, the one with more is the narrower. */
  readonly bits: number;
}

/** The one form of an address or network; host bits are taken off. `undefined` for what is neither. */
export function plainNetwork(text: string): PlainNetwork | undefined {
  const network = parseNetwork(text);
  if (network === undefined) return undefined;
  const { address, bits } = network;
  const bytes = address.toByteArray().map((byte, index) => byte & maskByte(bits - index * 8));
  const base = ipaddr.fromByteArray(bytes).toString();
  return { text: bits === bytes.length * 8 ? base : `${base}/${bits}`, bits };
}

/** The byte of a mask that has so many bits left. */
function maskByte(bits: number): number {
  return 0xff & ~(0xff >> Math.min(Math.max(bits, 0), 8));
}

/** A list of addresses and networks. IPv4 and the same mapped into IPv6 are one, in the list and in what is asked. */
export class Networks {
  readonly #networks: readonly Network[];

  /** Throws `RangeError` for what is neither an address nor a network. */
  constructor(texts: readonly string[]) {
    this.#networks = texts.map((text) => {
      const network = parseNetwork(text);
      if (network === undefined) throw new RangeError(`${JSON.stringify(text.slice(0, 80))} is no address or network`);
      return network;
    });
  }

  /** False for what is no IP address. */
  has(text: string): boolean {
    const address = parseAddress(text);
    return address !== undefined && this.#networks.some((network) => isInside(address, network));
  }
}

/** Strict: `127.1`, `0x7f000001` and leading zeros are no addresses here, whatever a C library makes of them. */
function parseAddress(text: string): Address | undefined {
  const [, bare = ''] = /^([^%]+)(?:%[^%]*)?$/.exec(text) ?? [];
  return isIP(bare) === 0 ? undefined : ipaddr.process(bare);
}

function parseNetwork(text: string): Network | undefined {
  const [, base = '', bitsText] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(base);
  if (version === 0) return undefined;
  const most = version === 4 ? 32 : 128;
  const bits = bitsText === undefined ? most : Number(bitsText);
  if (bits > most) return undefined;
  const address = ipaddr.parse(base);
  const isMapped = address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress();
  // `::ffff:10.0.0.0/104` is `10.0.0.0/8`; a shorter prefix reaches beyond the mapped ones and stays IPv6.
  return isMapped && bits >= 96 ? { address: address.toIPv4Address(), bits: bits - 96 } : { address, bits };
}

function isInside(address: Address, network: Network): boolean {
  if (address instanceof ipaddr.IPv4) return network.address instanceof ipaddr.IPv4 && address.match(network.address, network.bits);
  return network.address instanceof ipaddr.IPv6 && address.match(network.address, network.bits);
}
