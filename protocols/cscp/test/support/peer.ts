import { join } from 'node:path';
import { tempDir } from '@fairlead/testkit/temp';
import { type FakePeer, type PeerScript, startPeer } from '../../src/fake/index.ts';

/** A scripted peer in a folder of its own. */
export async function peerWith(script: PeerScript): Promise<FakePeer> {
  const dir = await tempDir('cscp-');
  const peer = await startPeer(join(dir.path, 's'), script);
  return {
    socketPath: peer.socketPath,
    heard: peer.heard,
    get open() {
      return peer.open;
    },
    async [Symbol.asyncDispose]() {
      await peer[Symbol.asyncDispose]();
      await dir[Symbol.asyncDispose]();
    },
  };
}
