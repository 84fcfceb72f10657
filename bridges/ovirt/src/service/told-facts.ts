import type { Clock } from '@fairlead/kernel/clock';
import { hostFacts, poolFacts, vmFacts, workFact } from '../map/told-facts.ts';
import { forgetBackupEnds, keepBackupEnds } from '../store/backup-ends.ts';
import { openBackups } from '../store/backups.ts';
import type { OvirtStore } from '../store/ovirt-store.ts';
import { keepFacts, type NewFact } from '../store/told-facts.ts';
import { openTransfers } from '../store/transfers.ts';
import type { KindName, Kinds } from './inventory-kinds.ts';
import type { ServiceView } from './service-view.ts';

interface TellerParts {
  readonly store: OvirtStore;
  readonly clock: Clock;
  readonly view: ServiceView;
}

/** Rows of backups that ended so long before the last look are looked at again: another gateway's clock may be behind. */
const OVERLAP_MS = 10 * 60_000;
/** How long it is remembered how the backups of a VM ended that is gone. */
const KEEP_ENDS_MS = 90 * 86_400_000;

/** Keeps since when something is so, in rows: every gateway tells the same, after a restart as well. */
export class ToldFacts {
  readonly #parts: TellerParts;
  /** Versions that this gateway has looked at. */
  readonly #seen = new Map<KindName, number>();
  #endsFrom: number | undefined;

  constructor(parts: TellerParts) {
    this.#parts = parts;
  }

  /** Looks at what is kept, and asks nobody: after each refresh, and when somebody wants to know. Writes only what has changed. */
  async observe(): Promise<void> {
    await this.#observeKind('vm', vmFacts);
    await this.#observeKind('host', hostFacts);
    await this.#observeKind('pool', poolFacts);
    await this.#observeWork();
    await this.#observeEnds();
  }

  async #observeKind<Name extends 'vm' | 'host' | 'pool'>(kind: Name, factsOf: (item: Kinds[Name]) => readonly NewFact[]): Promise<void> {
    const { store, clock, view } = this.#parts;
    const { version, items } = await view.kept(kind);
    if (version === 0 || version === this.#seen.get(kind)) return;
    await keepFacts(store, { source: kind, version, now: clock.now(), facts: items.flatMap(factsOf) });
    this.#seen.set(kind, version);
  }

  async #observeWork(): Promise<void> {
    const { store, clock } = this.#parts;
    const backups = await openBackups(store);
    const transfers = await openTransfers(store);
    const vmOfBackup = new Map(backups.map((row) => [row.id, row.vm_id]));
    const vmOf = (transfer: { vm_id: string | null; backup_id: string | null }) =>
      transfer.vm_id ?? vmOfBackup.get(transfer.backup_id ?? '') ?? '';
    const backupsOf = Map.groupBy(backups, (row) => row.vm_id);
    const transfersOf = Map.groupBy(transfers, vmOf);
    // A disk that no VM has is no VM's trouble.
    const vms = [...new Set([...backupsOf.keys(), ...transfersOf.keys()])].filter((vmId) => vmId !== '');
    const facts = vms.map((vmId) => workFact({ vmId, backups: backupsOf.get(vmId) ?? [], transfers: transfersOf.get(vmId) ?? [] }));
    await keepFacts(store, { source: 'work', now: clock.now(), facts });
  }

  async #observeEnds(): Promise<void> {
    const { store, clock } = this.#parts;
    const now = clock.now();
    await keepBackupEnds(store, this.#endsFrom === undefined ? {} : { from: this.#endsFrom });
    this.#endsFrom = now - OVERLAP_MS;
    await forgetBackupEnds(store, now - KEEP_ENDS_MS);
  }
}
