import { invalid, runtime } from '../api-error.ts';
import { inScope, mayUse } from '../caller.ts';
import { type Cloud, findRow } from '../cloud.ts';
import type { CommandTable, Context } from '../command.ts';
import type { Account, Row, Tag } from '../model.ts';
import { pageOf } from '../paging.ts';
import { scopeOf } from '../scope.ts';
import { tagView } from '../views/tag.ts';

/** Resource tags of instances, volumes and snapshots. */
export const tagCommands: CommandTable = {
  listTags: (context) =>
    pageOf(context.params, 'tag', tags(context), ({ tag, of, type }) => tagView(tag, { owner: of.owner, id: of.id, type })),
  createTags: (context) => changeTags(context, createTags),
  deleteTags: (context) => changeTags(context, deleteTags),
};

/** Something that can have tags. */
interface Taggable extends Row {
  readonly owner: Account;
  tags: Tag[];
}

const TYPES: Readonly<Record<string, (cloud: Cloud) => readonly Taggable[]>> = {
  UserVm: (cloud) => cloud.vms,
  Volume: (cloud) => cloud.volumes,
  Snapshot: (cloud) => cloud.snapshots,
};

function tags({ cloud, caller, params }: Context): Array<{ tag: Tag; of: Taggable; type: string }> {
  const [key, value, resource, asked] = ['key', 'value', 'resourceid', 'resourcetype'].map((name) => params.text(name));
  return Object.entries(TYPES)
    .filter(([type]) => (asked ?? type).toLowerCase() === type.toLowerCase())
    .flatMap(([type, rows]) => rows(cloud).map((of) => ({ of, type })))
    .filter(({ of }) => inScope(caller, of.owner, scopeOf(params)) && (resource ?? of.id) === of.id)
    .flatMap(({ of, type }) => of.tags.map((tag) => ({ tag, of, type })))
    .filter(({ tag }) => (key ?? tag.key) === tag.key && (value ?? tag.value) === tag.value);
}

/** All checks are made in the job. */
function changeTags(context: Context, change: (of: Taggable, tags: readonly Tag[], type: string) => void): object {
  const { cloud, caller, params, job } = context;
  const given = params.maps('tags').map((map) => ({ key: map.key ?? '', value: map.value ?? '' }));
  return job({
    run: () => {
      const asked = params.text('resourcetype') ?? '';
      const [type, rows] = Object.entries(TYPES).find(([name]) => name.toLowerCase() === asked.toLowerCase()) ?? [];
      if (type === undefined || rows === undefined) throw invalid(`Invalid resource type ${asked}`);
      const found = params.list('resourceids').map((id) => {
        const of = findRow(rows(cloud), id);
        if (of === undefined) throw invalid(`Unable to find resource by uuid ${id} and type ${type}`);
        if (!mayUse(caller, of.owner)) throw runtime('Caller does not have permission to operate with provided resource.');
        return of;
      });
      for (const of of found) change(of, given, type);
      return { success: true };
    },
  });
}

function createTags(of: Taggable, given: readonly Tag[], type: string): void {
  const twice = given.find(({ key }) => of.tags.some((tag) => tag.key === key));
  if (twice !== undefined) throw runtime(`tag ${twice.key} already on ${type} with id ${of.id}`);
  of.tags.push(...given);
}

function deleteTags(of: Taggable, given: readonly Tag[]): void {
  const keys = new Set(given.map(({ key }) => key));
  const kept = of.tags.filter(({ key }) => !keys.has(key));
  if (kept.length === of.tags.length) throw runtime('Failed to delete tags');
  of.tags = kept;
}
