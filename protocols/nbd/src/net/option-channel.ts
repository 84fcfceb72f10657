import { decodeOptionReplyHeader, type OptionReplyHeader } from '../codec/option-reader.ts';
import { encodeOption } from '../codec/option-writer.ts';
import { MAX_OPTION_REPLIES, NBD_OPT_ABORT, NBD_REP_ACK, NBD_REP_FLAG_ERROR, OPTION_REPLY_HEADER_BYTES } from '../codec/wire.ts';
import { NbdError } from '../error.ts';
import type { Wire, WireReader } from './wire.ts';

/** One reply to an option. */
export interface OptionReply {
  readonly type: number;
  readonly data: Buffer;
}

/** The answer to an option: information replies, then an acknowledgement or an error. */
export interface OptionAnswer {
  readonly replies: readonly OptionReply[];
  /** The error reply that ended it, if any. */
  readonly error: OptionReply | undefined;
}

/** The negotiation's view of a wire: exact numbers of bytes, one option at a time. Every wait ends with `fail`. */
export class OptionChannel implements WireReader {
  readonly #wire: Wire;
  #held = Buffer.alloc(0);
  #need = 0;
  #waiting: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #failure: NbdError | undefined;

  constructor(wire: Wire) {
    this.#wire = wire;
    wire.reader = this;
  }

  receive(source: Buffer, length: number): void {
    this.#held = Buffer.concat([this.#held, source.subarray(0, length)]);
    if (this.#held.length >= this.#need) this.#waiting?.resolve();
  }

  lost(cause: Error | undefined): void {
    this.fail(new NbdError('NBD_HANDSHAKE', 'the server closed the connection during the negotiation', { cause }));
  }

  /** Ends the negotiation from outside: deadline, abort. */
  fail(error: NbdError): void {
    this.#failure ??= error;
    this.#waiting?.reject(this.#failure);
  }

  /** Bytes that came beyond what was asked for. */
  get excess(): number {
    return this.#held.length;
  }

  /** The next `length` bytes. */
  async take(length: number): Promise<Buffer> {
    if (this.#held.length < length) {
      if (this.#failure) throw this.#failure;
      this.#need = length;
      await new Promise<void>((resolve, reject) => {
        this.#waiting = { resolve, reject };
      });
      this.#waiting = undefined;
    }
    const bytes = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return bytes;
  }

  send(bytes: Buffer): void {
    this.#wire.send(bytes);
  }

  /** Sends an option and gathers its replies up to the acknowledgement or error. Throws `NBD_HANDSHAKE`. */
  async ask(option: number, encoded: Buffer = encodeOption(option)): Promise<OptionAnswer> {
    this.send(encoded);
    const replies: OptionReply[] = [];
    while (replies.length < MAX_OPTION_REPLIES) {
      const header: OptionReplyHeader = decodeOptionReplyHeader(await this.take(OPTION_REPLY_HEADER_BYTES));
      const data = await this.take(header.length);
      if (header.option !== option) throw new NbdError('NBD_HANDSHAKE', `a reply to option ${header.option} instead of ${option}`);
      const reply = { type: header.type, data };
      if (header.type === NBD_REP_ACK) return { replies, error: undefined };
      if (header.type >= NBD_REP_FLAG_ERROR) return { replies, error: reply };
      replies.push(reply);
    }
    throw new NbdError('NBD_HANDSHAKE', `more than ${MAX_OPTION_REPLIES} replies to option ${option}`);
  }

  /** Takes leave politely (NBD "Termination of the session during option haggling"). */
  abort(): void {
    if (!this.#wire.destroyed) this.#wire.end(encodeOption(NBD_OPT_ABORT));
  }
}
