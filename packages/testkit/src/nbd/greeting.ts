import { connect } from 'node:net';

const NBD_MAGIC = Buffer.from('NBDMAGIC');
const PROBE_MS = 1000;

/** True if an NBD server greets on `socketPath` within a second; then it is ready, which the mere file is not. */
export function greets(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    let seen = Buffer.alloc(0);
    const socket = connect({ path: socketPath });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(PROBE_MS, () => finish(false));
    socket.on('error', () => finish(false));
    socket.on('close', () => resolve(false));
    socket.on('data', (bytes) => {
      seen = Buffer.concat([seen, bytes]);
      if (seen.length >= NBD_MAGIC.length) finish(seen.subarray(0, NBD_MAGIC.length).equals(NBD_MAGIC));
    });
  });
}
