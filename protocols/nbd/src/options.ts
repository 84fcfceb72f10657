import type { Address } from './net/wire.ts';

/** How to reach an export and what to ask of it. Times in milliseconds, sizes in bytes. */
export type ConnectOptions = Address & {
  /** The empty name unless told. */
  readonly exportName?: string;
  /** Ask for `base:allocation`; true unless told. */
  readonly allocation?: boolean;
  /** Ask for `qemu:allocation-depth`. */
  readonly depth?: boolean;
  /** Ask for a dirty bitmap by name, or (true) for the only one there is; not getting it is an error. */
  readonly dirtyBitmap?: true | string;
  readonly readAhead?: ReadAhead;
  /** Until the socket is connected; 5000. */
  readonly connectMs?: number;
  /** From then until the negotiation is done; 10 000. */
  readonly handshakeMs?: number;
  /** Longest silence about the oldest request; 30 000. */
  readonly requestMs?: number;
  /** The same for flushes; 120 000. */
  readonly flushMs?: number;
  /** Ends the connecting; later it has no effect. */
  readonly signal?: AbortSignal;
};

/** How longer reads and writes are cut up and how many requests run at a time. */
export interface ReadAhead {
  /** 1 MiB unless told; fitted to the server's block sizes. */
  readonly requestBytes?: number;
  /** 4 unless told. */
  readonly inFlight?: number;
}

/** The options with defaults filled in. */
export interface Settings {
  readonly address: Address;
  readonly exportName: string;
  readonly requestBytes: number;
  readonly inFlight: number;
  readonly connectMs: number;
  readonly handshakeMs: number;
  readonly requestMs: number;
  readonly flushMs: number;
}

/** Fills in the defaults. */
export function settingsOf(options: ConnectOptions): Settings {
  return {
    address: options,
    exportName: options.exportName ?? '',
    requestBytes: options.readAhead?.requestBytes ?? 1024 * 1024,
    inFlight: options.readAhead?.inFlight ?? 4,
    connectMs: options.connectMs ?? 5000,
    handshakeMs: options.handshakeMs ?? 10_000,
    requestMs: options.requestMs ?? 30_000,
    flushMs: options.flushMs ?? 120_000,
  };
}

/** The name under which all connections of this process to one export know each other. */
export function exportKeyOf({ address, exportName }: Settings): string {
  const server = 'socketPath' in address ? address.socketPath : `${address.host}:${address.port}`;
  return `${server}\0${exportName}`;
}
