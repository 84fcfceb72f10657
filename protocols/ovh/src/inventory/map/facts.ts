import type { InventoryRecord } from '../record.ts';
import type { Iam } from './iam.ts';

type Told = Omit<InventoryRecord, 'id' | 'provider' | 'endpoint' | 'account' | 'kind' | 'name' | 'tags' | 'fetchedAt' | 'errors'>;

/** What answers say of one thing; `iam` is absent where its own answer says nothing of it. */
export interface Facts extends Told {
  readonly iam?: Iam;
}
