import { SchemaError } from '../errors/errors.ts';

export type Members = { readonly [name: string]: unknown };

/** The largest section published has about 6 MB. */
const MAX_TEXT = 64 * 1024 * 1024;
const MAX_NAME = 512;
/** Types within types; those published reach 6. */
const MAX_DEPTH = 40;

/** What is read of one document; every refusal names it. */
export class Source {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  error(message: string, cause?: unknown): SchemaError {
    return new SchemaError(message, this.name, cause);
  }

  parse(text: string): Members {
    if (text.length > MAX_TEXT) throw this.error(`the document is larger than ${MAX_TEXT} characters`);
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      throw this.error('Unable to parse the schema: it is no JSON', cause);
    }
    if (!isMembers(value)) throw this.error('Unable to parse the schema: it is no JSON object');
    return value;
  }

  /** An object, or nothing at all as an empty one. */
  members(value: unknown, where: string): Members {
    if (value === undefined || value === null) return {};
    if (!isMembers(value)) throw this.error(`${where} is no object`);
    return value;
  }

  /** A list of objects, or nothing at all as an empty one. */
  list(value: unknown, where: string): readonly Members[] {
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) throw this.error(`${where} is no list`);
    return value.map((item, at) => this.members(item, `${where}[${at}]`));
  }

  nameOf(value: unknown, where: string): string {
    if (typeof value !== 'string' || value === '') throw this.error(`${where} has no name`);
    if (value.length > MAX_NAME) throw this.error(`${where} has a name of more than ${MAX_NAME} characters`);
    return value;
  }

  deeper(depth: number, where: string): number {
    if (depth >= MAX_DEPTH) throw this.error(`${where} is nested more than ${MAX_DEPTH} levels deep, or contains itself`);
    return depth + 1;
  }
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** OVH's flags are 0 and 1 in old documents, false and true in new ones (spec 8.1). */
export function flag(value: unknown): boolean {
  return value === true || value === 1;
}

/** A text that is there and is not empty, under the name that it has; else nothing. */
export function optional<K extends string>(name: K, value: unknown): { readonly [P in K]?: string } {
  return typeof value === 'string' && value.trim() !== '' ? ({ [name]: value.trim() } as { [P in K]?: string }) : {};
}
