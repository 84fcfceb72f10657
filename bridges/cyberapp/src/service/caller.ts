import type { OrganizationRow, UserRow } from '../store/tables.ts';

/** Whose credentials a callback bore, and what its context says. Nothing of the body gives rights (cyberapp 7.1). */
export interface Caller {
  /** The organization of the user: every read and write begins here. */
  readonly organization: OrganizationRow;
  readonly user: Pick<UserRow, 'id' | 'login'>;
  /** Tenant of the page that is open, lower case. */
  readonly tenantId: string;
  readonly datacenter: Datacenter;
  readonly requestId: string;
}

export interface Datacenter {
  /** Label, `eu8` (cyberapp 7.6). */
  readonly id: string;
  readonly url: string;
}
