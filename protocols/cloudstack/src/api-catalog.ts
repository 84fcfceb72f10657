import { isRecord } from './answer.ts';
import { itemsOf } from './paging.ts';

/** What `listApis` offers to one key. Parameters are listed for every role, also those it may not use. */
export class ApiCatalog {
  readonly #apis: ReadonlyMap<string, { readonly isAsync: boolean; readonly params: ReadonlySet<string> }>;

  /** @param answer the inside of `listapisresponse` */
  constructor(answer: unknown) {
    this.#apis = new Map(itemsOf(answer, 'listApis').flatMap((api) => readApi(api)));
  }

  get names(): readonly string[] {
    return [...this.#apis.keys()];
  }

  has(name: string): boolean {
    return this.#apis.has(name);
  }

  hasParameter(name: string, param: string): boolean {
    return this.#apis.get(name)?.params.has(param) ?? false;
  }

  isAsync(name: string): boolean {
    return this.#apis.get(name)?.isAsync ?? false;
  }
}

function readApi(value: unknown): Array<readonly [string, { isAsync: boolean; params: ReadonlySet<string> }]> {
  if (!isRecord(value) || typeof value.name !== 'string') return [];
  const params = Array.isArray(value.params) ? value.params : [];
  const names = params.flatMap((param: unknown) => (isRecord(param) && typeof param.name === 'string' ? [param.name] : []));
  return [[value.name, { isAsync: value.isasync === true, params: new Set(names) }]];
}
