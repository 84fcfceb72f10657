import { invalid, runtime } from '../api-error.ts';
import { inScope, mayUse } from '../caller.ts';
import { findRow } from '../cloud.ts';
import type { CommandTable, Context } from '../command.ts';
import type { Tag, Vm } from '../model.ts';
import { pageOf } from '../paging.ts';
import { scopeOf } from '../scope.ts';
import { tagView } from '../views/tag.ts';

/** Resource tags, of instances only. */
export const tagCommands: CommandTable = {
  listTags: (context) => pageOf(context.params, 'tag', tags(context), ({ tag, vm }) => tagView(tag, vm.owner, vm.id)),
  createTags: (context) => changeTags(context, createTags),
  deleteTags: (context) => changeTags(context, deleteTags),
};

function tags({ cloud, caller, params }: Context): Array<{ tag: Tag; vm: Vm }> {
  const [key, value, resource, type] = ['key', 'value', 'resourceid', 'resourcetype'].map((name) => params.text(name));
  const vms = cloud.vms.filter((vm) => inScope(caller, vm.owner, scopeOf(params)) && (resource ?? vm.id) === vm.id);
  if (type !== undefined && type.toLowerCase() !== 'uservm') return [];
  return vms
    .flatMap((vm) => vm.tags.map((tag) => ({ tag, vm })))
    .filter(({ tag }) => (key ?? tag.key) === tag.key && (value ?? tag.value) === tag.value);
}

/** All checks are made in the job. */
function changeTags(context: Context, change: (vm: Vm, tags: readonly Tag[]) => void): object {
  const { cloud, caller, params, job } = context;
  const given = params.maps('tags').map((map) => ({ key: map.key ?? '', value: map.value ?? '' }));
  return job({
    run: () => {
      const type = params.text('resourcetype') ?? '';
      if (type.toLowerCase() !== 'uservm') throw invalid(`Invalid resource type ${type}`);
      const vms = params.list('resourceids').map((id) => {
        const vm = findRow(cloud.vms, id);
        if (vm === undefined) throw invalid(`Unable to find resource by uuid ${id} and type ${type}`);
        if (!mayUse(caller, vm.owner)) throw runtime('Caller does not have permission to operate with provided resource.');
        return vm;
      });
      for (const vm of vms) change(vm, given);
      return { success: true };
    },
  });
}

function createTags(vm: Vm, given: readonly Tag[]): void {
  const twice = given.find(({ key }) => vm.tags.some((tag) => tag.key === key));
  if (twice !== undefined) throw runtime(`tag ${twice.key} already on UserVm with id ${vm.id}`);
  vm.tags.push(...given);
}

function deleteTags(vm: Vm, given: readonly Tag[]): void {
  const keys = new Set(given.map(({ key }) => key));
  const kept = vm.tags.filter(({ key }) => !keys.has(key));
  if (kept.length === vm.tags.length) throw runtime('Failed to delete tags');
  vm.tags = kept;
}
