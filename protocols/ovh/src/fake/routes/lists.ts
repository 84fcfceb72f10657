import { asRow, type Json, type Row } from '../json.ts';
import { type Asked, type ParameterTypes, param, type Route, rowOf } from './route.ts';
import { withTags } from './tags.ts';

/** A list of v1 and its objects. */
export interface ListWish {
  readonly path: string;
  /** Name of the variable behind the path. */
  readonly variable: string;
  /** Type of one object. */
  readonly model: string;
  readonly ids?: 'long';
  readonly query?: ParameterTypes;
  readonly all: (asked: Asked) => readonly (string | number)[];
  readonly one: (id: string, asked: Asked) => Row;
}

/** A `GET` of one object. */
export function reading(path: string, answer: string, read: (asked: Asked) => Json): Route {
  return { method: 'GET', path, summary: 'Get this object properties', answer, run: read };
}

/** A `PUT` that takes over some members. */
export function writing(path: string, body: ParameterTypes, rowIn: (asked: Asked) => Row): Route {
  const run = (asked: Asked): null => {
    Object.assign(rowIn(asked), asked.body);
    return null;
  };
  return { method: 'PUT', path, summary: 'Alter this object properties', answer: 'void', body, run };
}

/** A list of ids in v1, and the route of one of them. */
export function listing(wish: ListWish): readonly Route[] {
  const { path, variable, model, query, all, one } = wish;
  const list: Route = {
    method: 'GET',
    path,
    summary: 'List available services',
    answer: `${wish.ids ?? 'string'}[]`,
    run: (asked) => [...all(asked)],
    expand: one,
    ...(query === undefined ? {} : { query }),
  };
  return [list, reading(`${path}/{${variable}}`, model, (asked) => one(param(asked, variable), asked))];
}

/** A list below something, kept in a map of rows. */
export function rowsBelow(
  wish: Pick<ListWish, 'path' | 'variable' | 'model' | 'ids'>,
  rowsIn: (asked: Asked) => ReadonlyMap<string, Row> | ReadonlyMap<number, Row>,
): readonly Route[] {
  const one = (id: string, asked: Asked): Row => {
    const rows: ReadonlyMap<string | number, Row> = rowsIn(asked);
    return rowOf(rows, wish.ids === 'long' ? Number(id) : id, wish.variable);
  };
  return listing({ ...wish, all: (asked) => [...rowsIn(asked).keys()], one });
}

/** The ids of rows that have the tags which `iamTags` asks for. */
export function taggedIds<T>(asked: Asked, rows: ReadonlyMap<string, T>, rowIn: (entry: T) => Row): string[] {
  return withTags([...rows], asked.call.query.get('iamTags'), ([, entry]) => tagsOf(rowIn(entry))).map(([id]) => id);
}

/** The tags of a row with an `iam` member. */
export function tagsOf(row: Row): Row {
  return asRow(asRow(row.iam)?.tags) ?? {};
}

/** The members of `serviceInfos` that may be changed. */
export const SERVICE_INFOS_BODY: ParameterTypes = { renew: 'service.RenewType?' };
