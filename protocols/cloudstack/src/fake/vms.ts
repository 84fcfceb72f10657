import type { Cloud } from './cloud.ts';
import type { Account, ServiceOffering, Template, User, Vm } from './model.ts';

/** What a new instance is. */
interface NewVm {
  readonly id?: string | undefined;
  readonly name: string;
  readonly displayname?: string | undefined;
  readonly owner: Account;
  readonly user: User;
  readonly template: Template;
  readonly offering: ServiceOffering;
  readonly cpu: number;
  readonly speed: number;
  readonly memoryMiB: number;
}

/** A stopped instance without volumes and cards. */
export function addVmRow(cloud: Cloud, wish: NewVm): Vm {
  const vm: Vm = {
    ...cloud.row(wish.id),
    name: wish.name,
    displayname: wish.displayname ?? wish.name,
    owner: wish.owner,
    user: wish.user,
    state: 'Stopped',
    created: cloud.clock.now(),
    lastUpdated: undefined,
    host: undefined,
    destroyed: undefined,
    template: wish.template,
    offering: wish.offering,
    cpu: wish.cpu,
    speed: wish.speed,
    memoryMiB: wish.memoryMiB,
    osType: wish.template.osType,
    details: {},
    nics: [],
    tags: [],
    snapshots: [],
    haEnable: false,
    deleteProtection: false,
    userdata: undefined,
    boot: undefined,
    stats: false,
  };
  cloud.vms.push(vm);
  return vm;
}
