export { broken, type Fault, type FaultOptions, GREETING, plainAnswer, serving } from './faults.ts';
export { type FakePeer, type PeerConnection, type PeerScript, startPeer } from './peer.ts';
