export { closeServer, createApp, type ListenerOptions, listen, secureOptions } from './listener.ts';
export { type App, type FacePlugin, type MainListener, type MainListenerOptions, openMainListener } from './main-listener.ts';
export { httpMetrics } from './metrics.ts';
