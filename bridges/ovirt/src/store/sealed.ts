import type { SealedColumn } from '@fairlead/kernel/secrets';

/** What `Secrets.seal` is given for each column of this bridge. */
export const PURPOSES = { accountKey: 'ovirt.account', transferUrls: 'ovirt.transfer.urls' } as const;

/** Sealed columns, so that they can be sealed anew under another server secret. */
export const sealed: readonly SealedColumn[] = [
  { table: 'ovirt_accounts', id: 'id', column: 'api_key', purpose: PURPOSES.accountKey },
  { table: 'ovirt_accounts', id: 'id', column: 'secret_key', purpose: PURPOSES.accountKey },
  { table: 'ovirt_transfers', id: 'id', column: 'urls', purpose: PURPOSES.transferUrls },
];
