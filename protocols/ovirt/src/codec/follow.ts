import { codecError, REASONS } from '../errors.ts';

/** Links to inline, by name without underscores; each with what to inline below it. */
export type FollowTree = ReadonlyMap<string, FollowTree>;

type OpenTree = Map<string, OpenTree>;

const MAX_LENGTH = 2048;
const MAX_DEPTH = 8;

/**
 * Parses the parameter `follow`: dotted paths of links, separated by commas (oVirt 2.8). Throws `OVIRT_WIRE_BAD_VALUE` when it is longer
 * than 2048 characters, a path has more than 8 links, or a link is not made of letters, digits and underscores.
 */
export function parseFollow(text: string | undefined): FollowTree {
  const tree: OpenTree = new Map();
  if (text === undefined || text.trim() === '') return tree;
  if (text.length > MAX_LENGTH) throw refused(`longer than ${MAX_LENGTH} characters`);
  for (const path of text.split(',')) if (path.trim() !== '') insert(tree, path.trim().split('.'));
  return tree;
}

/** What to follow below a link, or `undefined` when the link is not to be followed. Takes any spelling of the link. */
export function followed(tree: FollowTree | undefined, link: string): FollowTree | undefined {
  return tree?.get(linkName(link));
}

function insert(tree: OpenTree, links: readonly string[]): void {
  if (links.length > MAX_DEPTH) throw refused(`deeper than ${MAX_DEPTH} links`);
  let node = tree;
  for (const link of links) {
    const name = linkName(link.trim());
    if (!/^[a-z0-9]+$/.test(name)) throw refused('not a list of dotted links');
    const next: OpenTree = node.get(name) ?? new Map();
    node.set(name, next);
    node = next;
  }
}

function linkName(link: string): string {
  return link.replaceAll('_', '').toLowerCase();
}

function refused(why: string): Error {
  return codecError('OVIRT_WIRE_BAD_VALUE', REASONS.value, `The parameter follow is ${why}.`);
}
