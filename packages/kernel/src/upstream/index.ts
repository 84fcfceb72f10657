export type { Headers, Upstream, UpstreamAnswer, UpstreamOptions, UpstreamRequest, UpstreamStream } from './upstream.ts';
export { createUpstream } from './upstream.ts';
