import { newUuid } from '@fairlead/kernel/ids';
import type { Store } from '@fairlead/kernel/store';
import type { Caller } from '../../src/service/caller.ts';
import { Organizations } from '../../src/service/organizations.ts';
import { addUser } from '../../src/service/users.ts';
import type { CyberappTables, OrganizationRow, UserRow } from '../../src/store/tables.ts';

/** The people of spec 9: P1 and P2 are unrelated partners, S a sub-partner of P1, C1 to C3 customers of P1, C9 one of S, D1 one of P2. */
export interface Tree {
  readonly p1: OrganizationRow;
  readonly p2: OrganizationRow;
  readonly s: OrganizationRow;
  readonly c1: OrganizationRow;
  readonly c2: OrganizationRow;
  readonly c3: OrganizationRow;
  readonly c9: OrganizationRow;
  readonly d1: OrganizationRow;
  readonly users: Readonly<Record<'p1' | 'p1b' | 'p2' | 's' | 'c1' | 'c2' | 'd1', UserRow>>;
}

export async function plantTree(store: Store): Promise<Tree> {
  const organizations = new Organizations(store);
  const p1 = await organizations.add({ name: 'P1', kind: 'partner' });
  const p2 = await organizations.add({ name: 'P2', kind: 'partner' });
  const s = await organizations.add({ name: 'S', kind: 'partner', parentId: p1.id });
  const customer = (name: string, parent: OrganizationRow) => organizations.add({ name, kind: 'customer', parentId: parent.id });
  const [c1, c2, c3] = [await customer('C1', p1), await customer('c2', p1), await customer('C3', p1)];
  const [c9, d1] = [await customer('C9', s), await customer('D1', p2)];
  const user = (login: string, of: OrganizationRow, passwordHash?: string) =>
    addUser(store, store.tables<CyberappTables>(), {
      login,
      name: login.toUpperCase(),
      email: `${login}@example.com`,
      organizationId: of.id,
      passwordHash,
    });
  const users = {
    p1: await user('p1', p1, 'some hash'),
    p1b: await user('p1b', p1, 'some hash'),
    p2: await user('p2', p2, 'some hash'),
    s: await user('s', s, 'some hash'),
    c1: await user('c1', c1),
    c2: await user('c2', c2),
    d1: await user('d1', d1),
  };
  return { p1, p2, s, c1, c2, c3, c9, d1, users };
}

export const EU8 = { id: 'eu8', url: 'https://eu8.acronis.cloud' };
export const US5 = { id: 'us5', url: 'https://us5.acronis.cloud' };

export interface CallerOptions {
  readonly datacenter?: Caller['datacenter'];
  readonly tenantId?: string;
}

export function callerOf(
  organization: OrganizationRow,
  user: UserRow,
  { datacenter = EU8, tenantId = newUuid() }: CallerOptions = {},
): Caller {
  return { organization, user: { id: user.id, login: user.login }, tenantId, datacenter, requestId: newUuid() };
}
