import { OptionChannel } from '../../src/net/option-channel.ts';
import type { Wire, WireReader } from '../../src/net/wire.ts';

/** A server in memory that says a fixed text in pieces, whatever it is asked, and then leaves. */
export function channelThatHears(speech: Buffer, pieceSize: number): OptionChannel {
  const wire = { reader: undefined as WireReader | undefined, send: () => undefined, end: () => undefined, destroyed: false };
  const channel = new OptionChannel(wire as unknown as Wire);
  for (let at = 0; at < speech.length; at += pieceSize) {
    const piece = Buffer.from(speech.subarray(at, at + pieceSize));
    channel.receive(piece, piece.length);
    piece.fill(0xee);
  }
  channel.lost(undefined);
  return channel;
}
