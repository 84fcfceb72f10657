export type { Bridge, BridgeContext, BridgeId, Health, ListenerPlugin, RunningBridge, ServerFacts } from './bridge.ts';
export { ServiceError, ServiceRegistry } from './registry.ts';
export { AsyncScope, stopSignal } from './scope.ts';
