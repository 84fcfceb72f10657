import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Metrics } from '@fairlead/kernel/metrics';
import { imageMetrics } from '../../metrics.ts';
import type { Exchange } from './listener.ts';

type Handle = (exchange: Exchange) => Promise<void>;

/** What a listener of the data plane does, counted: how long each request took, how it ended, and what went over its connection. */
export function metered(metrics: Metrics, listener: 'server' | 'local' | 'proxy', handle: Handle): Handle {
  const { requests, active, bytes } = metrics.use(imageMetrics);
  const running = countsOf(metrics);
  active.collect(() => [...running].map(([name, value]) => ({ labels: { listener: name }, value })));
  running.set(listener, running.get(listener) ?? 0);
  return async (exchange) => {
    const { request, response } = exchange;
    const { socket } = request;
    const started = performance.now();
    running.set(listener, (running.get(listener) ?? 0) + 1);
    response.once('close', () => {
      running.set(listener, (running.get(listener) ?? 1) - 1);
      const status = response.writableFinished ? String(response.statusCode) : 'cut';
      requests.observe({ listener, operation: operationOf(request), status }, (performance.now() - started) / 1000);
      const { read, written } = bytesSince(socket);
      bytes.add({ listener, direction: 'served' }, written);
      bytes.add({ listener, direction: 'received' }, read);
    });
    await handle(exchange);
  };
}

/** What was counted of a connection so far: a body may have begun to arrive with its headers, before anybody is asked. */
const counted = new WeakMap<Socket, { readonly read: number; readonly written: number }>();

function bytesSince(socket: Socket): { readonly read: number; readonly written: number } {
  const before = counted.get(socket) ?? { read: 0, written: 0 };
  const now = { read: socket.bytesRead, written: socket.bytesWritten };
  counted.set(socket, now);
  return { read: Math.max(0, now.read - before.read), written: Math.max(0, now.written - before.written) };
}

/** Listeners of one gateway are told on one page. */
const counts = new WeakMap<Metrics, Map<'server' | 'local' | 'proxy', number>>();

function countsOf(metrics: Metrics): Map<'server' | 'local' | 'proxy', number> {
  const known = counts.get(metrics) ?? new Map();
  counts.set(metrics, known);
  return known;
}

const OPERATIONS: Readonly<Record<string, string>> = { GET: 'read', HEAD: 'read', PUT: 'write', PATCH: 'patch', OPTIONS: 'options' };

function operationOf({ method = '', url = '' }: IncomingMessage): string {
  const verb = /^\/images\/[^/?]+\/(extents|checksum)\b/.exec(url)?.[1];
  return verb ?? OPERATIONS[method] ?? 'other';
}
