import { denied, invalid, runtime, serverApi } from '../api-error.ts';
import { findAccount, mayUse, requireUse } from '../caller.ts';
import type { CommandTable, Context } from '../command.ts';
import { checkLimits } from '../limits.ts';
import type { Account, Network, ServiceOffering, Template, Vm } from '../model.ts';
import { addNic } from '../nics.ts';
import { allocateHost, startVm } from '../power.ts';
import { addNetwork } from '../seed.ts';
import { vmView } from '../views/vm.ts';
import { addVmRow } from '../vms.ts';
import { addVolume, attach, placeVolume } from '../volumes.ts';

/** New instances: from a template, or blank. */
export const vmDeployCommands: CommandTable = {
  deployVirtualMachine: (context) => deployVirtualMachine(context),
};

function deployVirtualMachine(context: Context): object {
  const { cloud, caller, params } = context;
  checkName(params.text('name'));
  const offering = params.row('serviceofferingid', cloud.serviceOfferings);
  const blank = params.flag('blankinstance');
  const template = blank ? blankTemplate(context) : params.optionalRow('templateid', cloud.templates);
  if (template === undefined) throw invalid('Unable to use template null');
  const owner = ownerOf(context);
  const networks = blank ? [] : networksOf(context, owner);
  checkTaken(context, networks);
  const size = sizeOf(context, offering);
  checkLimits(cloud, owner, { user_vm: 1, cpu: size.cpu, memory: size.memoryMiB, ...(blank ? {} : diskAmounts(context, template)) });
  const name = params.text('name') ?? `VM-${crypto.randomUUID()}`;
  const vm = addVmRow(cloud, { name, displayname: params.text('displayname'), owner, user: caller.user, template, offering, ...size });
  vm.details = { ...params.map('details'), ...(params.text('startvm') === 'false' || blank ? { deployvm: 'true' } : {}) };
  vm.userdata = params.text('userdata');
  const boot = params.text('boottype');
  if (boot !== undefined) vm.boot = { type: boot, mode: params.text('bootmode') ?? 'legacy' };
  for (const network of networks) addNic(cloud, vm, network);
  return finishJob(context, vm, blank);
}

/** What its disks count in the account's limits. */
function diskAmounts({ cloud, params }: Context, template: Template): { volume: number; primary_storage: number } {
  const data = params.optionalRow('diskofferingid', cloud.diskOfferings);
  const rootGiB = template.sizeBytes / 1024 ** 3;
  return { volume: data === undefined ? 1 : 2, primary_storage: rootGiB + (data?.sizeGiB ?? 0) };
}

function finishJob({ cloud, caller, params, job }: Context, vm: Vm, blank: boolean): object {
  const start = !blank && params.text('startvm')?.toLowerCase() !== 'false';
  const dataOffering = blank ? undefined : params.optionalRow('diskofferingid', cloud.diskOfferings);
  if (!blank) {
    const { owner, template } = vm;
    const root = addVolume(cloud, { name: `ROOT-${vm.n}`, type: 'ROOT', sizeBytes: template.sizeBytes, owner, template });
    attach(cloud, root, vm, 0);
    root.attached = undefined;
    const sizeBytes = (dataOffering?.sizeGiB ?? 0) * 1024 ** 3;
    if (dataOffering !== undefined)
      attach(cloud, addVolume(cloud, { name: `DATA-${vm.n}`, sizeBytes, owner, offering: dataOffering }), vm, 1);
  }
  return job({
    id: vm.id,
    instance: { type: 'VirtualMachine', id: vm.id },
    begin: () => {
      vm.state = start ? 'Starting' : 'Stopped';
    },
    run: async () => {
      if (start) {
        allocateHost(cloud, vm, 'Error');
        for (const volume of cloud.volumesOf(vm)) if (volume.pool === undefined) await placeVolume(cloud, volume, cloud.pool);
        startVm(cloud, vm);
        if (caller.role === 'a') vm.boot ??= { type: 'Bios', mode: 'legacy' };
      }
      cloud.event('VM.CREATE', vm.owner, { id: vm.id, type: 'VirtualMachine', name: vm.name });
      const view = vmView(cloud, caller, vm);
      vm.stats = start;
      return { virtualmachine: view };
    },
  });
}

/** A blank instance is for root admins and KVM only (fact 40 of the recordings). */
function blankTemplate({ cloud, caller, params }: Context): Template | undefined {
  if (caller.role !== 'a') throw runtime('Only a root admin can deploy a blank instance');
  if (params.text('hypervisor') !== 'KVM') throw invalid('Unable to use template null');
  return cloud.templates.find((template) => template.hidden);
}

function ownerOf({ cloud, caller, params }: Context): Account {
  const project = params.text('projectid');
  const owner =
    project === undefined
      ? findAccount(cloud, params.text('account') ?? caller.account.name, params.text('domainid'))
      : cloud.accounts.find((row) => row.project?.id === project);
  if (owner === undefined) throw invalid(`Unable to find account ${params.text('account')}`);
  requireUse(caller, owner);
  return owner;
}

function networksOf({ cloud, caller, params }: Context, owner: Account): Network[] {
  const given = params.rowsOf('networkids', cloud.networks);
  for (const network of given)
    if (!mayUse(caller, network.owner)) throw denied(`Unable to use network with id= ${network.id}, permission denied`);
  if (given.length > 0) return given;
  const own = cloud.networks.filter((network) => network.owner === owner);
  if (own.length > 1) throw invalid('More than 1 default Isolated networks are found for account; please specify networkIds');
  // Without any network the server makes one.
  return own.length > 0 ? own : [addNetwork(cloud, `${owner.name}-network`, owner)];
}

function sizeOf({ params }: Context, offering: ServiceOffering): { cpu: number; speed: number; memoryMiB: number } {
  if (offering.fixed !== undefined) return offering.fixed;
  const details = params.map('details');
  const [cpu, speed, memoryMiB] = [details.cpuNumber, details.cpuSpeed, details.memory].map(Number);
  if (!cpu || !speed || !memoryMiB)
    throw invalid('Need to specify custom parameter values cpu, cpu speed and memory when using custom offering');
  return { cpu, speed, memoryMiB };
}

/** A host name is unique in its network's domain; a blank instance has no network, so nothing looks. */
function checkTaken({ cloud, params }: Context, networks: readonly Network[]): void {
  const name = params.text('name');
  const taken = cloud.vms.some(
    (vm) => vm.name === name && vm.state !== 'Expunging' && vm.nics.some((nic) => networks.includes(nic.network)),
  );
  if (taken)
    throw invalid(`The vm with hostName ${name} already exists in the network domain: cs2cloud.internal; network=${networks[0]?.name}`);
}

function checkName(name: string | undefined): void {
  if (name === undefined || /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(name)) return;
  const text =
    'Unable to execute API command deployvirtualmachine due to invalid value. Invalid value provided for API arg: name - it can contain ASCII ' +
    "letters 'a' through 'z', the digits '0' through '9', and the hyphen ('-'), must be between 1 and 63 characters long";
  throw serverApi(431, text);
}
