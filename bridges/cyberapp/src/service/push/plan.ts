/** One line of a dry run: what a run would send (cyberapp 4.12). */
export interface PlannedOperation {
  readonly org: string;
  readonly tenant: string;
  readonly dc: string;
  readonly op: 'create' | 'look_up' | 'update' | 'remove' | 'drop' | 'raise' | 'close' | 'guard';
  readonly kind: 'workload' | 'alert';
  /** Item key of a workload, deduplication key of an alert. */
  readonly key: string;
  readonly reason: string;
  /** What is different: `name: a -> b`. */
  readonly changes: readonly string[];
}
