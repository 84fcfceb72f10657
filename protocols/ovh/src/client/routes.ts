import type { PathValue } from '../codec/call.ts';
import type { CallOptions } from './options.ts';

/** `Routes` of a generated module, or one of your own in its form: keys as `GET /vps/{serviceName}`. */
export type RouteMap = object;
/** No route is known: every call answers what its caller says. */
export type NoRoutes = Record<never, never>;
export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';

/** Any path; an editor proposes the templates that are known. */
export type PathOf<R, M extends Method> = KnownPaths<R, M> | (string & Record<never, never>);
export type KnownPaths<R, M extends Method> = keyof R extends infer K ? (K extends `${M} ${infer P}` ? P : never) : never;

type IsKnown<R, M extends Method, P extends string> = [`${M} ${P}`] extends [keyof R] ? true : false;
/** By `infer`, so that nothing is looked up before the template is known: an intersection with `keyof R` would try every route. */
type RouteOf<R, M extends Method, P extends string> = `${M} ${P}` extends infer K extends keyof R ? R[K] : never;
/** The methods that a template has, when it is known at all. */
type MethodsOf<R, P extends string> = { [M in Method]: IsKnown<R, M, P> extends true ? M : never }[Method];

/** Names in braces: `'/x/{a}/{b}'` has `a` and `b`. A query has none. */
export type VariablesOf<P extends string> = P extends `${infer Route}?${string}` ? Braced<Route> : Braced<P>;
type Braced<P extends string> = P extends `${string}{${infer V}}${infer Rest}` ? V | Braced<Rest> : never;

declare const template: unique symbol;
/** A written path whose template is known: see typedPath. */
export type ConcretePath<T extends string> = string & { readonly [template]: T };
/** The template of a path, written or not. */
type TemplateIn<P extends string> = [P] extends [{ readonly [template]: infer T extends string }] ? T : P;
type IsConcrete<P> = [P] extends [{ readonly [template]: string }] ? true : false;

/** Options that no route has a word in. */
type Common = Omit<CallOptions, 'path' | 'query' | 'body'>;

/** What a route of the schemas takes; `S` is its entry. In a written path the variables are in it already. */
type Bound<S, O, Concrete> = O & PathPart<[Concrete] extends [true] ? object : S> & QueryPart<S> & BodyPart<S>;
type PathPart<S> = [S] extends [{ path: infer V }] ? { readonly path: Readonly<V> } : { readonly path?: undefined };
type QueryPart<S> = [S] extends [{ query: infer Q }] ? { readonly query: Q } : OptionalQuery<S>;
type OptionalQuery<S> = [S] extends [{ query?: infer Q }] ? { readonly query?: Q | undefined } : { readonly query?: undefined };
type BodyPart<S> = [S] extends [{ body: infer B }] ? RequiredBody<B> : OptionalBody<S>;
/** As an object, or as bytes that are JSON already. */
type RequiredBody<B> = { readonly body: B } | { readonly body?: undefined; readonly rawBody: string | Uint8Array };
type OptionalBody<S> = [S] extends [{ body?: infer B }] ? { readonly body?: B | undefined } : { readonly body?: undefined };
type Needs<S, Concrete> = [S] extends [{ query: object } | { body: unknown }]
  ? true
  : [S, Concrete] extends [{ path: object }, false]
    ? true
    : false;

/** What a route takes that no schema knows: its template still says which variables there are. */
export type Free<P extends string, O> = NoInfer<Loose<P, O>>;
type Loose<P extends string, O> = [VariablesOf<P>] extends [never]
  ? O & Pick<CallOptions, 'path' | 'query' | 'body'>
  : O & Pick<CallOptions, 'query' | 'body'> & { readonly path: { readonly [V in VariablesOf<P>]: PathValue } };
/** Arguments after the path, where only the template counts. */
export type FreeArguments<P extends string, O> = [VariablesOf<P>] extends [never] ? [options?: Free<P, O>] : [options: Free<P, O>];

/** The options of a call. A known template with a method that it has not, takes nothing: the text says what there is. */
type Checked<R, M extends Method, P extends string, O = Common> =
  IsKnown<R, M, TemplateIn<P>> extends true
    ? Bound<RouteOf<R, M, TemplateIn<P>>, O, IsConcrete<P>>
    : [MethodsOf<R, TemplateIn<P>>] extends [never]
      ? Loose<P, O>
      : `${TemplateIn<P>} has no method ${M}, but ${MethodsOf<R, TemplateIn<P>>}`;

/** Nothing is inferred from options: the path alone says what they are, and the compiler need not try. */
export type OptionsOf<R, M extends Method, P extends string, O = Common> = NoInfer<Checked<R, M, P, O>>;

/** Arguments after the path: optional where nothing is demanded. */
export type Arguments<R, M extends Method, P extends string, O = Common> =
  Demands<R, M, P> extends true ? [options: OptionsOf<R, M, P, O>] : [options?: OptionsOf<R, M, P, O>];
type Demands<R, M extends Method, P extends string> =
  IsKnown<R, M, TemplateIn<P>> extends true
    ? Needs<RouteOf<R, M, TemplateIn<P>>, IsConcrete<P>>
    : [VariablesOf<P> | MethodsOf<R, TemplateIn<P>>] extends [never]
      ? false
      : true;

/** What a call answers; `T` where no schema says it. */
export type Answer<R, M extends Method, P extends string, T> =
  IsKnown<R, M, TemplateIn<P>> extends true ? (RouteOf<R, M, TemplateIn<P>> extends { response: infer A } ? A : T) : T;
/** One element of a list. */
export type ElementOf<R, P extends string, T> =
  IsKnown<R, 'GET', TemplateIn<P>> extends true ? (RouteOf<R, 'GET', TemplateIn<P>> extends { response: readonly (infer A)[] } ? A : T) : T;
/** What an id of a list stands for; the element itself, where that is no id. */
export type ItemOf<R, P extends string, T> =
  IsKnown<R, 'GET', TemplateIn<P>> extends true ? (RouteOf<R, 'GET', TemplateIn<P>> extends { item: infer A } ? A : ElementOf<R, P, T>) : T;

/** The options of a helper, without those that a route has a word in. */
export type Extra<O> = Omit<O, 'path' | 'query' | 'body'>;
