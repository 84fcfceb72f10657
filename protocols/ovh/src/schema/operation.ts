import type { Deprecation, RouteInfo } from './catalogue.ts';
import type { Members, Source } from './guard.ts';
import { optional } from './guard.ts';

const METHODS: readonly RouteInfo['method'][] = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'];
/** Printable ASCII, as OVH's are: what else a path had would never reach the API as it is written. */
const PATH = /^\/[\x21-\x7e]{0,1023}$/;
const DAY = /^(\d{4}-\d\d-\d\d)(?:T|\s|$)/;

/** Of either case; undefined for `OPTIONS` and other words that are no call. */
export function methodOf(word: unknown): RouteInfo['method'] | undefined {
  return typeof word === 'string' ? METHODS.find((method) => method === word.toUpperCase()) : undefined;
}

export function isV2(base: unknown): boolean {
  return typeof base === 'string' && /\/v2\/?$/.test(base);
}

/** The template as it is called: with `/v2` where the document is of that branch. */
export function templateOf(path: string, v2: boolean, source: Source): string {
  if (!PATH.test(path)) throw source.error(`the path ${JSON.stringify(path.slice(0, 80))} is none`);
  return v2 && !path.startsWith('/v2/') ? `/v2${path}` : path;
}

/** `dedicated/server`, `v2/iam`. */
export function sectionOf(name: string, v2: boolean): string {
  const bare = name
    .replace(/\.json$/, '')
    .replace(/^\/+/, '')
    .replace(/^(?:v1|1\.0)\//, '');
  return v2 && !bare.startsWith('v2/') ? `v2/${bare}` : bare;
}

export function deprecationOf(since: unknown, until: unknown, replacement: unknown): Deprecation {
  return { ...optional('since', dayOf(since)), ...optional('until', dayOf(until)), ...optional('replacement', replacement) };
}

function dayOf(value: unknown): string | undefined {
  return typeof value === 'string' ? DAY.exec(value)?.[1] : undefined;
}

/** The status of an operation from OVH's word or label for it. */
export function statusOf(label: unknown): string {
  const words = typeof label === 'string' ? label.toLowerCase() : '';
  return ['deprecated', 'internal', 'alpha', 'beta'].find((word) => words.includes(word)) ?? 'production';
}

export function actionsOf(value: unknown, source: Source): readonly string[] {
  return source.list(value, 'the IAM actions').flatMap(({ name }: Members) => (typeof name === 'string' ? [name] : []));
}

export function isCursor(name: string): boolean {
  return name.toLowerCase() === 'x-pagination-cursor';
}
