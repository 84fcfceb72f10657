/** `s` text, `n` number, `b` boolean, `z` null, `m` a map with free keys, `#3` the object shape of that index; a list of one: a list of these, with a `?` behind it where some were empty. */
export type TypeCode = string | readonly TypeCode[];

/** Keys of which a list's items have only some end with `?`. */
type ObjectShape = Readonly<Record<string, TypeCode>>;

/** Maps whose keys are data. */
const MAPS = new Set(['details', 'resourcedetails', 'storagecapabilities', 'serviceofferingdetails']);

/** Lists of which some are empty in the items that the recorder left out. */
const MAY_BE_EMPTY = new Set(['params']);

/** Object shapes, each kept once. */
export class ShapeTable {
  readonly list: ObjectShape[] = [];
  readonly #index = new Map<string, number>();

  typeOf(value: unknown): TypeCode {
    if (value === null) return 'z';
    if (Array.isArray(value)) return this.#listOf(value);
    if (typeof value === 'object') return this.#objectsOf([value as Record<string, unknown>]);
    if (typeof value === 'string') return 's';
    return typeof value === 'number' ? 'n' : 'b';
  }

  #listOf(items: readonly unknown[]): TypeCode {
    const [first] = items;
    if (first === undefined) return [];
    const objects = items.filter((item) => typeof item === 'object' && item !== null) as Array<Record<string, unknown>>;
    return objects.length === items.length ? [this.#objectsOf(objects)] : [this.typeOf(first)];
  }

  /** The lists of several holders in one. */
  #lists(lists: readonly unknown[][]): TypeCode {
    const all = this.#listOf(lists.flat());
    const someEmpty = all.length > 0 && lists.some((list) => list.length === 0);
    return someEmpty ? [...all, '?'] : all;
  }

  /** One shape for all of them. */
  #objectsOf(objects: ReadonlyArray<Record<string, unknown>>): TypeCode {
    const shape: Record<string, TypeCode> = {};
    for (const key of new Set(objects.flatMap((object) => Object.keys(object)))) {
      const holders = objects.filter((object) => key in object);
      shape[holders.length === objects.length ? key : `${key}?`] = this.#field(key, holders);
    }
    const text = JSON.stringify(shape);
    const found = this.#index.get(text);
    if (found !== undefined) return `#${found}`;
    this.#index.set(text, this.list.length);
    this.list.push(shape);
    return `#${this.list.length - 1}`;
  }

  #field(key: string, holders: ReadonlyArray<Record<string, unknown>>): TypeCode {
    if (MAPS.has(key)) return 'm';
    const values = holders.map((holder) => holder[key]);
    if (values.every((value) => Array.isArray(value))) return this.#lists(MAY_BE_EMPTY.has(key) ? [...values, []] : values);
    if (values.every((value) => typeof value === 'object' && value !== null))
      return this.#objectsOf(values as Array<Record<string, unknown>>);
    return this.typeOf(values[0]);
  }
}
