import type { Clock } from '@fairlead/kernel/clock';
import type { InstrumentsOf } from '@fairlead/kernel/metrics';
import type { ovhMetrics } from '../metrics.ts';
import type { CheckRows } from '../store/checks.ts';
import type { ItemRows } from '../store/items.ts';
import type { CheckPart } from '../store/tables.ts';
import type { Accounts } from './accounts.ts';
import { inventoryState, keyState } from './state.ts';

export interface NumbersParts {
  readonly accounts: Accounts;
  readonly checks: CheckRows;
  readonly items: ItemRows;
  readonly clock: Clock;
  readonly instruments: InstrumentsOf<typeof ovhMetrics>;
}

/** Gauges of what stands in the store, asked at each scrape. */
export function watchNumbers({ accounts, checks, items, clock, instruments }: NumbersParts): void {
  const rowsOf = async (part: CheckPart) => (await checks.all()).filter((row) => row.part === part && accounts.names.includes(row.account));
  const { records, age, incomplete, keyLeft } = instruments;
  records.collect(async () => {
    const counts = (await items.counts()).filter(({ account }) => accounts.names.includes(account));
    return counts.map(({ account, kind, rows: value }) => ({ labels: { account, kind }, value }));
  });
  age.collect(async () =>
    (await rowsOf('inventory')).flatMap((row) => {
      const { readMs } = inventoryState(row);
      return readMs === 0 ? [] : [{ labels: { account: row.account }, value: Math.max(0, clock.now() - readMs) / 1000 }];
    }),
  );
  incomplete.collect(async () =>
    (await rowsOf('inventory')).map((row) => ({ labels: { account: row.account }, value: inventoryState(row).complete ? 0 : 1 })),
  );
  keyLeft.collect(async () =>
    (await rowsOf('key')).flatMap((row) => {
      const { endsMs } = keyState(row);
      return endsMs === undefined ? [] : [{ labels: { account: row.account }, value: (endsMs - clock.now()) / 1000 }];
    }),
  );
}
