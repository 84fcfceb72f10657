import { newUuid } from '@fairlead/kernel/ids';
import type { RequestPayloads } from '../../src/codec/index.ts';

export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly kind: 'partner' | 'customer';
  readonly parent?: string;
}

export interface User {
  readonly id: string;
  readonly login: string;
  name: string;
  email: string;
  readonly organization: string;
  readonly password?: string;
}

interface Link {
  readonly organization: string;
  readonly tenant: string;
  readonly datacenter: string;
  /** The partner that has made it. */
  readonly by: string;
}

/** An answer that is no success. */
export class Denied extends Error {
  readonly status: number;
  readonly code: string | undefined;

  constructor(status: number, text: string, code?: string) {
    super(text);
    this.status = status;
    this.code = code;
  }
}

export interface Caller {
  readonly user: User;
  readonly tenant: string;
  readonly datacenter: string;
}

/** Organizations, users and links in memory: the least that callbacks can be answered from. */
export class SmallDirectory {
  readonly organizations: Organization[] = [];
  readonly users: User[] = [];
  links: Link[] = [];

  isBelow(id: string, root: string): boolean {
    const parent = this.organizations.find((one) => one.id === id)?.parent;
    return parent !== undefined && (parent === root || this.isBelow(parent, root));
  }

  linkOf(organization: string): Link | undefined {
    return this.links.find((link) => link.organization === organization);
  }

  customersOf(root: string): readonly Organization[] {
    return this.organizations.filter(({ id, kind }) => kind === 'customer' && this.isBelow(id, root));
  }

  enable({ user, datacenter }: Caller, payload: RequestPayloads['enablement.write']): void {
    const { vendor_tenant_id: organization, acronis_tenant_id: tenant } = payload;
    const [own, other] = [this.linkOf(organization), this.links.find((link) => link.tenant === tenant)];
    const taken = (own !== undefined && own.tenant !== tenant) || (other !== undefined && other.organization !== organization);
    if (organization !== user.organization || taken) throw new Denied(403, 'The app cannot be enabled for this tenant.');
    if (own === undefined) this.links.push({ organization, tenant, datacenter, by: organization });
  }

  reset({ user }: Caller): void {
    this.links = this.links.filter(({ by }) => by !== user.organization);
  }

  /** Unlinks first, so that tenants can be exchanged. */
  map({ user, datacenter }: Caller, { modified }: RequestPayloads['tenant_mapping.write']): void {
    const mine = new Set(this.customersOf(user.organization).map(({ id }) => id));
    const ids = modified.map((pair) => pair.vendor_tenant_id);
    if (ids.some((id) => !mine.has(id))) throw new Denied(403, 'A customer is not one of this account.');
    if (new Set(ids).size < ids.length) throw new Denied(400, 'A customer comes twice.');
    const rest = this.links.filter(({ organization, by }) => !ids.includes(organization) || by !== user.organization);
    const wanted = modified.flatMap(({ vendor_tenant_id: organization, acronis_tenant_id: tenant }) =>
      tenant ? [{ organization, tenant, datacenter, by: user.organization }] : [],
    );
    const tenants = wanted.map(({ tenant }) => tenant);
    const elsewhere = (link: Link) => this.linkOf(link.organization)?.datacenter;
    const blocked =
      rest.some((link) => tenants.includes(link.tenant) && (link.by !== user.organization || link.organization === user.organization)) ||
      rest.some((link) => ids.includes(link.organization)) ||
      wanted.some((link) => (elsewhere(link) ?? datacenter) !== datacenter);
    if (blocked) throw new Denied(403, 'A customer or tenant is linked elsewhere.');
    this.links = [...rest.filter(({ tenant }) => !tenants.includes(tenant)), ...wanted];
  }

  /** The organization of the tenant that the request comes from, if the caller may act there. */
  acting({ user, tenant, datacenter }: Caller): string | undefined {
    const link = this.links.find((one) => one.tenant === tenant && one.datacenter === datacenter);
    if (link === undefined) return undefined;
    return link.organization === user.organization || this.isBelow(link.organization, user.organization) ? link.organization : undefined;
  }

  usersAt(caller: Caller): readonly User[] {
    const at = this.acting(caller);
    if (at === undefined) return [];
    const linked = (id: string) => this.linkOf(id) !== undefined && this.isBelow(id, at);
    return this.users.filter(({ organization }) => organization === at || linked(organization));
  }

  addUser(caller: Caller, { login, name, email }: RequestPayloads['user_write']): void {
    const organization = this.#where(caller);
    if (!/^[^@]+@[^@]+$/.test(email)) throw new Denied(422, 'The address is none.', 'invalid_field');
    const taken = this.users.some((user) => user.login.toLowerCase() === login.toLowerCase());
    if (taken) throw new Denied(409, 'The login is taken.', 'login_taken');
    this.users.push({ id: newUuid(), login, name, email, organization });
  }

  changeUser(caller: Caller, { id, name, email }: RequestPayloads['user_update']): void {
    const organization = this.#where(caller);
    const user = this.users.find((one) => one.id === id && one.organization === organization);
    if (user === undefined) throw new Denied(404, 'There is no such user.', 'user_not_found');
    Object.assign(user, { name, email });
  }

  removeUser(caller: Caller, { id }: RequestPayloads['user_delete']): void {
    const organization = this.#where(caller);
    const at = this.users.findIndex((one) => one.id === id && one.organization === organization);
    if (at >= 0) this.users.splice(at, 1);
  }

  askPassword(caller: Caller): void {
    this.#where(caller);
  }

  #where(caller: Caller): string {
    const organization = this.acting(caller);
    if (organization === undefined) throw new Denied(404, 'This tenant is not linked.', 'tenant_not_mapped');
    return organization;
  }
}
