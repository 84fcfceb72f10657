import { day } from '../fake-clock.ts';
import type { Row } from '../json.ts';
import type { Random } from '../random.ts';

export const NIC_HANDLE = 'ab12345-ovh';

/** What the generators of all kinds share. */
export class Maker {
  readonly random: Random;
  readonly now: number;
  readonly services = new Map<number, Row>();
  #nextService = 9_000_001;
  #nextName = 0;

  constructor(random: Random, now: number) {
    this.random = random;
    this.now = now;
  }

  /** An instant so many days before now at most, Unix ms in whole seconds. */
  past(days: number): number {
    return this.now - this.random.between(1, days * 86_400) * 1000;
  }

  /** `web3`: short, and another one each time. */
  label(): string {
    this.#nextName += 1;
    return `${this.random.pick(['web', 'db', 'cache', 'edge', 'build', 'mail', 'backup', 'queue'])}${this.#nextName}`;
  }

  /** The `iam` member of a resource. */
  iam(type: string, name: string, displayName: string): Row {
    const tags: Row = {};
    if (this.random.chance(0.8)) tags.env = this.random.pick(['prod', 'prod', 'staging', 'dev']);
    if (this.random.chance(0.3)) tags.team = this.random.pick(['platform', 'shop', 'data']);
    return { id: this.random.uuid(), urn: `urn:v1:eu:resource:${type}:${name}`, displayName, tags };
  }

  /** The billing state of a service; it is listed among all services, too. */
  serviceInfos(name: string, path: string, product: string): Row {
    const serviceId = this.#nextService++;
    const automatic = this.random.chance(0.85);
    const expiration = day(this.now, this.random.chance(0.03) ? -this.random.between(1, 10) : this.random.between(1, 360));
    const status = expiration < day(this.now) ? 'expired' : 'ok';
    this.services.set(serviceId, genericService({ serviceId, name, path, product, expiration, automatic, state: status }));
    return {
      serviceId,
      domain: name,
      status,
      creation: day(this.now, -this.random.between(30, 1500)),
      expiration,
      engagedUpTo: this.random.chance(0.1) ? day(this.now, this.random.between(30, 360)) : null,
      renewalType: automatic ? 'automaticV2024' : 'manual',
      renew: { automatic, deleteAtExpiration: false, forced: false, manualPayment: false, period: this.random.pick([1, 1, 1, 12]) },
      possibleRenewPeriod: [1, 3, 6, 12],
      canDeleteAtExpiration: true,
      contactAdmin: NIC_HANDLE,
      contactBilling: NIC_HANDLE,
      contactTech: NIC_HANDLE,
    };
  }
}

interface ServiceWish {
  readonly serviceId: number;
  readonly name: string;
  readonly path: string;
  readonly product: string;
  readonly expiration: string;
  readonly automatic: boolean;
  readonly state: string;
}

function genericService(wish: ServiceWish): Row {
  const date = `${wish.expiration}T00:00:00+00:00`;
  return {
    serviceId: wish.serviceId,
    parentServiceId: null,
    billing: {
      expirationDate: date,
      nextBillingDate: wish.automatic ? date : null,
      plan: { code: wish.product, invoiceName: wish.product },
      lifecycle: { current: { state: wish.state === 'ok' ? 'active' : 'unpaid' } },
      renew: { current: { mode: wish.automatic ? 'automatic' : 'manual', period: 'P1M', nextDate: date } },
    },
    customer: { contacts: [{ customerCode: NIC_HANDLE, type: 'administrator' }] },
    resource: { name: wish.name, displayName: wish.name, state: 'active', product: { name: wish.product, description: wish.product } },
    route: { path: wish.path, url: wish.path.replace(/\{\w+\}/, wish.name), vars: [{ key: 'serviceName', value: wish.name }] },
    tags: [],
  };
}

/** The nth address of 198.18.0.0/15, the network of benchmarks (RFC 2544). */
export function address(n: number): string {
  return `198.${18 + ((n >> 16) & 1)}.${(n >> 8) & 255}.${n & 255}`;
}

/** A `{unit, value}`. */
export function amount(unit: string, value: number): Row {
  return { unit, value };
}
