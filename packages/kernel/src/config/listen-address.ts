import { type Field, text } from './fields.ts';

/** Host and port of `address:port` or `[address]:port`. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Reads `127.0.0.1:9092` or `[::1]:9092`; undefined for anything else. A host is an address or a name. */
export function parseListenAddress(value: string): ListenAddress | undefined {
  const [, inBrackets, plain, digits = ''] = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9_][A-Za-z0-9_.-]*)):(\d{1,5})$/.exec(value) ?? [];
  const host = inBrackets ?? plain;
  const port = Number(digits);
  return host === undefined || port > 65_535 ? undefined : { host, port };
}

/** One `address:port`; the value is the text as given. */
export function listenAddress(options: { readonly default: string; readonly doc: string }): Field<string> {
  return {
    ...text(options),
    allowed: 'an address with port such as 127.0.0.1:8444 or [::]:8444',
    read: (value) => {
      if (parseListenAddress(value) === undefined) throw new RangeError(value);
      return value;
    },
  };
}
