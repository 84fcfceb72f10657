import { invalid } from '../api-error.ts';
import { inScope } from '../caller.ts';
import type { CommandTable, Context } from '../command.ts';
import type { Vm } from '../model.ts';
import { pageOf } from '../paging.ts';
import { scopeOf } from '../scope.ts';
import { VM_DETAILS, vmView } from '../views/vm.ts';

/** Lists of instances. */
export const vmCommands: CommandTable = {
  listVirtualMachines: (context) => listVirtualMachines(context),
};

function listVirtualMachines(context: Context): object {
  const { cloud, caller, params } = context;
  if (params.has('id') && params.has('ids')) throw invalid('Specify either id or ids but not both parameters');
  const details = detailsOf(context);
  const rows = matching(context).filter((vm) => inScope(caller, vm.owner, scopeOf(params)));
  return pageOf(params, 'virtualmachine', rows, (vm) => vmView(cloud, caller, vm, details));
}

function detailsOf({ params }: Context): ReadonlySet<string> {
  const words = params.list('details');
  if (words.some((word) => !VM_DETAILS.includes(word)))
    throw invalid(`The details parameter contains a non permitted value. The allowed values are [${VM_DETAILS.join(', ')}]`);
  return new Set(words.length === 0 ? ['all'] : words);
}

function matching(context: Context): Vm[] {
  const { cloud, caller, params } = context;
  const ids = new Set(params.has('id') ? [params.text('id')] : params.list('ids'));
  const tags = tagFilter(context);
  const tests: Array<(vm: Vm) => boolean> = [
    (vm) => ids.size === 0 || ids.has(vm.id) || ids.has(String(vm.n)),
    (vm) => stateShown(vm, caller.role, params.text('state')),
    (vm) => nameMatches(vm, params.text('name'), params.text('keyword')),
    (vm) => params.text('hostid') === undefined || (vm.state === 'Running' && (vm.host ?? cloud.host).id === params.text('hostid')),
    (vm) => (params.text('networkid') ?? '') === '' || vm.nics.some((nic) => nic.network.id === params.text('networkid')),
    (vm) => (params.text('templateid') ?? vm.template.id) === vm.template.id,
    (vm) => (params.text('serviceofferingid') ?? vm.offering.id) === vm.offering.id,
    (vm) => (params.text('domainid') ?? vm.owner.domain.id) === vm.owner.domain.id || vm.owner.project !== undefined,
    (vm) => tags.every(([key, value]) => vm.tags.some((tag) => tag.key === key && tag.value === value)),
    () => (params.text('hypervisor') ?? 'KVM') === 'KVM',
  ];
  return cloud.vms.filter((vm) => tests.every((test) => test(vm)));
}

/** `name` is all of the name; `keyword` any part of name, display name or state. */
function nameMatches(vm: Vm, name: string | undefined, keyword: string | undefined): boolean {
  const within = (text: string, part: string) => text.toLowerCase().includes(part.toLowerCase());
  if (name !== undefined && name.toLowerCase() !== vm.name.toLowerCase()) return false;
  return keyword === undefined || within(vm.name, keyword) || within(vm.displayname, keyword) || within(vm.state, keyword);
}

/** An expunged instance is gone for everybody; a destroyed one for all but root admins. */
function stateShown(vm: Vm, role: string, state: string | undefined): boolean {
  if (vm.state === 'Expunging') return false;
  if (vm.state === 'Destroyed' && role !== 'a') return false;
  if (state === undefined) return true;
  return state === 'Present' ? vm.state !== 'Destroyed' : vm.state === state;
}

function tagFilter({ params }: Context): Array<readonly [string, string]> {
  return params.maps('tags').map(({ key = '', value }) => {
    if (value === undefined || value === '') throw invalid(`No value is passed in for key ${key}`);
    return [key, value] as const;
  });
}
