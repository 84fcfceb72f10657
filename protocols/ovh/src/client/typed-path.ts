import type { ConcretePath, RouteMap } from './routes.ts';

/** Every template, whatever its method. */
type Templates<R> = keyof R extends infer K ? (K extends `${string} ${infer P}` ? P : never) : never;

/** The template that a written path is, else those that it fits, segment by segment. */
type TemplateOf<R, P extends string> = P extends Templates<R> ? P : Fitting<Templates<R>, P>;
type Fitting<K, P extends string> = K extends string ? (Fits<K, P> extends true ? K : never) : never;
type Fits<K extends string, P extends string> = K extends `/${infer A}/${infer More}`
  ? P extends `/${infer B}/${infer Rest}`
    ? FitsSegment<A, B> extends true
      ? Fits<`/${More}`, `/${Rest}`>
      : false
    : false
  : FitsLast<K, P>;
type FitsLast<K extends string, P extends string> = P extends `/${string}/${string}`
  ? false
  : [K, P] extends [`/${infer A}`, `/${infer B}`]
    ? FitsSegment<A, B>
    : false;
type FitsSegment<A extends string, B extends string> = A extends `{${string}}` ? (B extends '' ? false : true) : B extends A ? true : false;

/** Gives a path back with the type of its template; one that fits none is an error of types. */
export type TypedPath<R> = <const P extends string>(
  path: [TemplateOf<R, P>] extends [never] ? `no route fits ${P}` : P,
) => ConcretePath<TemplateOf<R, P>>;

/**
 * For written paths instead of templates: `const at = typedPath<Routes>(); await client.get(at('/vps/vps-1.ovh.net'))`. The compiler
 * compares each path with every template of the universe, which takes it a second or more for all of OVHcloud: templates are the usual
 * form. Values that are put into the path are not encoded; variables of a template are.
 */
export function typedPath<R extends RouteMap>(): TypedPath<R> {
  return (path) => path as never;
}
