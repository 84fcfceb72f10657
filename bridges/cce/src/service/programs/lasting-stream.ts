import type { Socket } from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';

/**
 * A stream to a program that ends for us with its BYE and for the program with itself: what a program says after BYE is read and thrown away
 * (cce 4.7), since a closed output would end it with SIGPIPE.
 */
export function lastingStream(socket: Socket): Duplex {
  const [inner, outer] = duplexPair();
  socket.pipe(inner);
  inner.pipe(socket);
  // A peer that is gone without an end of file has ended all the same.
  socket.once('close', () => inner.end());
  outer.once('close', () => {
    socket.unpipe(inner);
    socket.resume();
    if (socket.writable) socket.end();
  });
  for (const stream of [socket, inner, outer]) stream.on('error', () => undefined);
  return outer;
}
