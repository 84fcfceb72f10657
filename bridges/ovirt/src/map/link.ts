import { type Href, ZERO_ID } from './href.ts';

interface Reference {
  readonly href: string;
  readonly id: string;
}

/** A reference: the same element with only `href` and `id` (ovirt 2.3). */
export function reference(href: Href, collection: string, id: string): Reference {
  return { href: href(collection, id), id };
}

export function referenceOrNone(href: Href, collection: string, id: string | undefined): Reference | undefined {
  return id === undefined ? undefined : reference(href, collection, id);
}

export function zeroReference(href: Href, collection: string): Reference {
  return reference(href, collection, ZERO_ID);
}

/** One `link` for each sub-collection of the object at `path`. */
export function linksOf(href: Href, path: readonly string[], names: readonly string[]): { href: string; rel: string }[] {
  return names.map((rel) => ({ href: href(...path, rel), rel }));
}
