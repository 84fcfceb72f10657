import { badValue, runtime, serverApi } from './api-error.ts';
import { type Cloud, findRow } from './cloud.ts';
import { API_TABLE } from './data/api-table.ts';
import type { Row } from './model.ts';
import { rowsNamedBy } from './param-rows.ts';

/** The parameters of one call. Names count without regard to case, keys of maps keep theirs. */
export class ParamReader {
  readonly #cloud: Cloud;
  readonly #command: string;
  readonly #values: Map<string, string>;

  constructor(cloud: Cloud, command: string, values: ReadonlyMap<string, string>) {
    this.#cloud = cloud;
    this.#command = command;
    this.#values = new Map([...values].map(([name, value]) => [name.includes('[') ? name : name.toLowerCase(), value]));
  }

  /**
   * The checks that the server makes before a command runs.
   * @throws ApiError 431
   */
  check(): void {
    for (const spec of API_TABLE[this.#command]?.params ?? []) {
      const [name = '', type = ''] = spec.replace('!', '').split(':');
      const value = this.text(name);
      if (value === undefined && spec.endsWith('!') && !(type === 'map' && this.maps(name).length > 0)) throw this.#missing(name);
      if (value !== undefined) this.#checkValue(name, type, value);
    }
  }

  /** A value that is there and not empty. */
  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return value === '' ? undefined : value;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  flag(name: string): boolean {
    return this.#values.get(name)?.toLowerCase() === 'true';
  }

  number(name: string): number | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : Number(value);
  }

  list(name: string): readonly string[] {
    return (this.text(name) ?? '').split(',').filter((item) => item !== '');
  }

  /** `name[0].key=value` of all indices, in their order. */
  maps(name: string): ReadonlyArray<Readonly<Record<string, string>>> {
    const maps = new Map<number, Record<string, string>>();
    for (const [key, value] of this.#values) {
      const found = new RegExp(`^${name}\\[(\\d+)\\]\\.(.+)$`, 'i').exec(key);
      if (found?.[1] === undefined || found[2] === undefined) continue;
      const index = Number(found[1]);
      maps.set(index, { ...maps.get(index), [found[2]]: value });
    }
    return [...maps.entries()].toSorted(([a], [b]) => a - b).map(([, map]) => map);
  }

  /** All indices in one map. */
  map(name: string): Readonly<Record<string, string>> {
    return Object.assign({}, ...this.maps(name)) as Record<string, string>;
  }

  /**
   * The row that a parameter names.
   * @throws ApiError 431 when it is missing or names nothing
   */
  row<T extends Row>(name: string, rows: readonly T[]): T {
    const found = this.optionalRow(name, rows);
    if (found === undefined) throw this.#missing(name);
    return found;
  }

  optionalRow<T extends Row>(name: string, rows: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = findRow(rows, value);
    if (found === undefined) throw badValue(this.#command, name, value);
    return found;
  }

  rowsOf<T extends Row>(name: string, rows: readonly T[]): T[] {
    return this.list(name).map((id) => {
      const found = findRow(rows, id);
      if (found === undefined) throw badValue(this.#command, name, id);
      return found;
    });
  }

  #checkValue(name: string, type: string, value: string): void {
    if (hasControlCharacters(value))
      throw serverApi(431, `Received value containing illegal ASCII non-printable characters for parameter ${name}`);
    // The database cannot hold what needs four bytes (fact 23 of the recordings).
    if (/[\u{10000}-\u{10ffff}]/u.test(value)) throw runtime(`Incorrect string value for parameter ${name}`);
    if (type === 'string' && value.length > maxLength(name)) throw this.#tooLong(name);
    if ((type === 'integer' || type === 'long') && !/^-?\d+$/.test(value)) throw this.#notNumber(name, value);
    if (type !== 'uuid' && type !== 'list') return;
    const rows = rowsNamedBy(this.#command, name);
    if (rows === undefined || (name === 'projectid' && value === '-1')) return;
    const found = (type === 'list' ? this.list(name) : [value]).map((id) => {
      const row = findRow(rows(this.#cloud), id);
      if (row === undefined) throw badValue(this.#command, name, id);
      return row.id;
    });
    // Internal numbers are taken as ids too (fact 5 of the recordings); commands see UUIDs.
    this.#values.set(name, found.join(','));
  }

  #missing(name: string): Error {
    return serverApi(431, `Unable to execute API command ${this.#command.toLowerCase()} due to missing parameter ${name}`);
  }

  #tooLong(name: string): Error {
    const text = `Unable to execute API command ${this.#command.toLowerCase()} due to invalid value. Value greater than max allowed length`;
    return serverApi(431, `${text} ${maxLength(name)} for param: ${name}`);
  }

  #notNumber(name: string, value: string): Error {
    return serverApi(
      431,
      `Unable to execute API command ${this.#command.toLowerCase()} due to invalid value ${value} for parameter ${name}`,
    );
  }
}

/** 255 of most, 1 MiB of user data and the like. */
function maxLength(name: string): number {
  return name === 'userdata' || name === 'extraconfig' ? 1_048_576 : 255;
}

function hasControlCharacters(value: string): boolean {
  return [...value].some((char) => char < ' ' || char === '\u007f');
}
