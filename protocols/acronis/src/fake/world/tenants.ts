import type { TenantWish } from '../options.ts';
import type { Random } from '../random.ts';

export type TenantKind = 'root' | 'partner' | 'folder' | 'customer' | 'unit';

/** A tenant of Acronis. Members may be changed: a moved, disabled or deleted tenant is one that was changed. */
export interface Tenant {
  readonly id: string;
  name: string;
  kind: TenantKind;
  parentId: string | undefined;
  enabled: boolean;
  readonly datacenter: string;
  /** The small number that older interfaces name it by. */
  readonly legacyId: number;
  /** `/1/281/`: legacy ids from the root to itself. */
  readonly locator: string;
  /** Unix ms. */
  deletedAt: number | undefined;
}

const FIRST_LEGACY = 281;

/** The trees of all data centers. Ids are found in any case of letters. */
export class Tenants {
  readonly #byId = new Map<string, Tenant>();
  readonly #datacenters: readonly string[];
  readonly #random: Random;
  #legacy = FIRST_LEGACY;

  constructor(datacenters: readonly string[], random: Random) {
    this.#datacenters = datacenters;
    this.#random = random;
  }

  get all(): readonly Tenant[] {
    return [...this.#byId.values()];
  }

  get(id: string): Tenant | undefined {
    return this.#byId.get(id.toLowerCase());
  }

  /** By default a customer; without a parent a partner. @throws RangeError for a parent or data center that is not there, or an id that is */
  add(wish: TenantWish): Tenant {
    const parent = wish.parentId === undefined ? undefined : this.get(wish.parentId);
    if (wish.parentId !== undefined && parent === undefined) throw new RangeError(`the parent of ${wish.name} is not there`);
    const datacenter = wish.datacenter ?? parent?.datacenter ?? this.#datacenters[0] ?? '';
    if (!this.#datacenters.includes(datacenter)) throw new RangeError(`there is no data center ${datacenter}`);
    const legacyId = wish.legacyId ?? this.#legacy++;
    const tenant: Tenant = {
      id: wish.id ?? this.#random.uuid(),
      name: wish.name,
      kind: wish.kind ?? (parent === undefined ? 'partner' : 'customer'),
      parentId: parent?.id,
      enabled: wish.enabled ?? true,
      datacenter,
      legacyId,
      locator: wish.locator ?? `${parent?.locator ?? '/1/'}${legacyId}/`,
      deletedAt: wish.deletedAt,
    };
    if (this.get(tenant.id) !== undefined) throw new RangeError(`the tenant ${tenant.id} is there already`);
    this.#byId.set(tenant.id.toLowerCase(), tenant);
    return tenant;
  }

  children(id: string): readonly Tenant[] {
    return this.all.filter(({ parentId }) => parentId?.toLowerCase() === id.toLowerCase());
  }

  /** Ids, in lower case, of the tenant and of all above it; empty when it is not there. */
  lineage(id: string): readonly string[] {
    const ids: string[] = [];
    let at = this.get(id);
    // A tree that a test bent into a circle must not hang it.
    while (at !== undefined && ids.length < 100) {
      ids.push(at.id.toLowerCase());
      at = at.parentId === undefined ? undefined : this.get(at.parentId);
    }
    return ids;
  }
}
