import type { PushClient } from './push-client.ts';

/** A client that begins nothing once `stop` is aborted, and lets what is under way end until `over` is. */
export function stoppingClient(client: PushClient, { stop, over }: { readonly stop: AbortSignal; readonly over: AbortSignal }): PushClient {
  const { workloads, alerts } = client;
  const begin = <T>(call: (signal: AbortSignal) => T): T => {
    stop.throwIfAborted();
    return call(over);
  };
  return {
    datacenter: client.datacenter,
    get pausedUntil() {
      return client.pausedUntil;
    },
    workloads: {
      get sendsExternalId() {
        return workloads.sendsExternalId;
      },
      create: async (drafts) => await begin((signal) => workloads.create(drafts, signal)),
      list: (query) => begin((signal) => workloads.list(query, signal)),
      update: async (id, change) => await begin((signal) => workloads.update(id, change, signal)),
      remove: async (ids) => await begin((signal) => workloads.remove(ids, signal)),
    },
    alerts: {
      create: async (draft) => await begin((signal) => alerts.create(draft, signal)),
      list: (query) => begin((signal) => alerts.list(query, signal)),
      findBySource: async (source, stamp) => await begin((signal) => alerts.findBySource(source, stamp, signal)),
      get: async (id) => await begin((signal) => alerts.get(id, signal)),
      dismiss: async (id) => await begin((signal) => alerts.dismiss(id, signal)),
    },
  };
}

/** Aborts with the reason of `stop`, so long after it. Dispose it when nothing waits any more. */
export function abortLater(stop: AbortSignal, graceMs: number): Disposable & { readonly signal: AbortSignal } {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const start = () => {
    timer = setTimeout(() => over.abort(stop.reason), graceMs);
  };
  if (stop.aborted) start();
  else stop.addEventListener('abort', start, { once: true });
  return {
    signal: over.signal,
    [Symbol.dispose]: () => {
      stop.removeEventListener('abort', start);
      clearTimeout(timer);
    },
  };
}
