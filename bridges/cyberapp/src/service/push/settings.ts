import type { ConnectorSettings } from '../../config.ts';

/** What `[connector]` says of pushing. Times in milliseconds. */
export interface PushSettings {
  /** Code of the app, which identifiers of types are made with. */
  readonly app: string;
  readonly batchSize: number;
  readonly concurrency: number;
  readonly deleteGraceMs: number;
  /** Percent. */
  readonly maxDeleteShare: number;
  readonly onUnmap: 'remove' | 'keep';
  readonly adoptGraceMs: number;
  readonly volatileRefreshMs: number;
  readonly reconcileMs: number;
}

export function pushSettings(connector: ConnectorSettings, app: string): PushSettings {
  return {
    app,
    batchSize: connector.batch_size,
    concurrency: connector.dc_concurrency,
    deleteGraceMs: connector.delete_grace,
    maxDeleteShare: connector.max_delete_share,
    onUnmap: connector.on_unmap,
    adoptGraceMs: connector.adopt_grace,
    volatileRefreshMs: connector.volatile_refresh,
    reconcileMs: connector.reconcile_interval,
  };
}
