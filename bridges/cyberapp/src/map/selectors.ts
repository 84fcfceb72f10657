import type { SourceName } from '../store/tables.ts';

/** The kinds of selectors of each source, the most specific first (cyberapp 5.1). */
export const SELECTOR_KINDS: Readonly<Record<SourceName, readonly string[]>> = {
  cloudstack: ['vm', 'tag', 'project', 'account', 'domain'],
  blueonyx: ['site', 'domain', 'reseller'],
  ovh: ['service', 'tag', 'account'],
};

export const SOURCE_NAMES = Object.keys(SELECTOR_KINDS) as readonly SourceName[];

interface Form {
  readonly pattern: RegExp;
  readonly words: string;
}

const ONE_NAME: Form = { pattern: /^[^/]+$/, words: 'a name without /' };
const ID: Form = { pattern: /^[\w-]{1,64}$/, words: 'an id' };
const TAG: Form = { pattern: /^[^=]+=/, words: 'key=value' };

const FORMS: Readonly<Record<SourceName, Readonly<Record<string, Form>>>> = {
  cloudstack: {
    vm: ID,
    tag: TAG,
    project: ID,
    account: { pattern: /^[^/]+(\/[^/]+)+$/, words: '<domain path>/<account>' },
    domain: { pattern: /^[^/]+(\/[^/]+)*$/, words: 'a domain path, ROOT/bakery' },
  },
  blueonyx: {
    site: { pattern: /^[^/]+\/[^/]+$/, words: '<host>/<Vsite name>, web1/site3' },
    domain: ONE_NAME,
    reseller: { pattern: /^[^/]+\/[^/]+$/, words: '<host>/<user>' },
  },
  ovh: {
    service: { pattern: /^[^/]+\/.+$/, words: '<account>/<service name>' },
    tag: TAG,
    account: ONE_NAME,
  },
};

const MOST_SELECTOR = 1000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;

/** What is wrong with a selector, in words for its operator; undefined when it can be stored. */
export function selectorProblem(source: SourceName, kind: string, selector: string): string | undefined {
  const form = Object.hasOwn(FORMS[source], kind) ? FORMS[source][kind] : undefined;
  if (form === undefined) return `${source} has the selectors ${SELECTOR_KINDS[source].join(', ')}`;
  if (selector.length > MOST_SELECTOR || CONTROL.test(selector) || selector.trim() !== selector)
    return `a selector has at most ${MOST_SELECTOR} characters, none of control, and no space at its ends`;
  return form.pattern.test(selector) ? undefined : `a selector of the kind ${kind} is ${form.words}`;
}
