import { defineErrors } from '../errors/index.ts';
import type { ServiceName, Services } from '../services/index.ts';

export const ServiceError = defineErrors({
  FAIRLEAD_SERVICE_ABSENT: {
    status: 501,
    blame: 'gateway',
    text: 'The part that offers {service} is not switched on here.',
    help: 'Add the section of that bridge to the configuration (`[image]` for backups and transfers).',
  },
});

/** Where a bridge offers what others may use, and finds what they offer. */
export class ServiceRegistry {
  #services = new Map<ServiceName, unknown>();

  provide<Name extends ServiceName>(name: Name, service: Services[Name]): void {
    if (this.#services.has(name)) throw new TypeError(`Service ${name} is provided twice`);
    this.#services.set(name, service);
  }

  /** Throws `FAIRLEAD_SERVICE_ABSENT` while nobody provides it. */
  get<Name extends ServiceName>(name: Name): Services[Name] {
    const service = this.find(name);
    if (!service) throw ServiceError('FAIRLEAD_SERVICE_ABSENT', { service: name });
    return service;
  }

  find<Name extends ServiceName>(name: Name): Services[Name] | undefined {
    return this.#services.get(name) as Services[Name] | undefined;
  }
}
