import { newUuid } from '@fairlead/kernel/ids';
import type { RequestPayloads } from '../../src/codec/index.ts';
import { Denied } from './small-directory.ts';

/** Organizations that are made from tenants. */
export class SmallMirror {
  readonly #ids = new Map<string, string>();
  readonly #partners = new Set<string>();
  readonly #customers = new Set<string>();

  state(tenant: string) {
    return { state: this.#partners.has(tenant) ? 'ENABLED' : 'DISABLED' };
  }

  enable({ acronis_tenant_id: tenant }: RequestPayloads['partner.mirroring.enable']) {
    this.#partners.add(tenant);
    return { state: 'ENABLED', vendor_tenant_id: this.#idOf(tenant), acronis_tenant_id: tenant };
  }

  reset(tenant: string): void {
    this.#partners.delete(tenant);
    this.#customers.clear();
  }

  customers() {
    return [...this.#customers].map((tenant) => ({ vendor_tenant_id: this.#idOf(tenant), acronis_tenant_id: tenant }));
  }

  set(tenant: string, payload: RequestPayloads['customer.mirroring.set_state']): void {
    if (payload.partner_tenant_id !== tenant) throw new Denied(403, 'This is another partner.');
    for (const one of payload.enabled ?? []) this.#customers.add(one.acronis_tenant_id);
    for (const one of payload.disabled ?? []) this.#customers.delete(one.acronis_tenant_id);
  }

  #idOf(tenant: string): string {
    const id = this.#ids.get(tenant) ?? newUuid();
    this.#ids.set(tenant, id);
    return id;
  }
}
