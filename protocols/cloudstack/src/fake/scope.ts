import type { Scope } from './caller.ts';
import type { ParamReader } from './param-reader.ts';

/** The scope that a list asks for. */
export function scopeOf(params: ParamReader): Scope {
  return {
    listAll: params.flag('listall'),
    projectId: params.text('projectid'),
    byId: params.has('id') || params.has('ids'),
    account: params.text('account'),
  };
}
