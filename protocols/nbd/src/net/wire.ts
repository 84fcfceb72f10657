import { connect, type Socket, type TcpNetConnectOpts } from 'node:net';
import { abortedError, NbdError } from '../error.ts';
import { SlabReader } from './slabs.ts';

/** Where an NBD server listens. */
export type Address = { readonly socketPath: string } | { readonly host: string; readonly port: number };

/** Who takes what a wire brings. `receive` gets bytes 0 to `length` of `source`, which is valid during the call or as long as its slab is retained. */
export interface WireReader {
  receive(source: Buffer, length: number): void;
  /** The connection ended; `cause` is the socket's error if it had one. */
  lost(cause: Error | undefined): void;
}

const NOBODY: WireReader = { receive() {}, lost() {} };

/** A connected socket that reads straight into slabs, past the stream machinery (imageio 9.1). */
export class Wire {
  readonly slabs = new SlabReader();
  reader: WireReader = NOBODY;
  readonly #socket: Socket;
  #cause: Error | undefined;

  constructor(address: Address) {
    const onread = {
      buffer: () => this.slabs.next(),
      callback: (length: number, source: Uint8Array) => {
        this.slabs.filled(length);
        this.reader.receive(source as Buffer, length);
        return true;
      },
    };
    this.#socket = connect({ ...endpoint(address), onread } as TcpNetConnectOpts);
    this.#socket.on('error', (error) => {
      this.#cause = error;
    });
    this.#socket.on('end', () => this.#socket.destroy());
    this.#socket.on('close', () => {
      this.slabs.close();
      this.reader.lost(this.#cause);
    });
  }

  /** True once the socket is gone or going. */
  get destroyed(): boolean {
    return this.#socket.destroyed;
  }

  /** Waits until connected. Throws `NBD_CONNECT`, `NBD_TIMEOUT` or `NBD_ABORTED`, with the socket destroyed. */
  async connected(timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const give = (error: NbdError) => {
      reject(error);
      this.#socket.destroy();
    };
    const timer = setTimeout(() => give(new NbdError('NBD_TIMEOUT', `no connection within ${timeoutMs} ms`)), timeoutMs);
    const onAbort = () => give(abortedError(signal as AbortSignal));
    const onError = (cause: Error) => give(new NbdError('NBD_CONNECT', `cannot connect: ${cause.message}`, { cause }));
    this.#socket.once('connect', resolve);
    this.#socket.once('error', onError);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      if (signal?.aborted) onAbort();
      await promise;
    } finally {
      clearTimeout(timer);
      this.#socket.off('connect', resolve);
      this.#socket.off('error', onError);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Until `uncork`, what is sent gathers, to leave in one system call. */
  cork(): void {
    this.#socket.cork();
  }

  uncork(): void {
    this.#socket.uncork();
  }

  /** Sends bytes, which must not change until `flushed` is called. */
  send(bytes: Uint8Array, flushed?: () => void): void {
    this.#socket.write(bytes, flushed);
  }

  /** Sends the last bytes and closes our direction. */
  end(bytes: Uint8Array): void {
    this.#socket.end(bytes);
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

function endpoint(address: Address) {
  if ('socketPath' in address) return { path: address.socketPath };
  return { host: address.host, port: address.port, noDelay: true, keepAlive: true };
}
