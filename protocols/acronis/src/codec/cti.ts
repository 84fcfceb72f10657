/** One part of a type identifier: `vendor.application.entity.vMAJOR.MINOR` (CyberApp 1.3). */
export interface CtiContext {
  readonly vendor: string;
  readonly application: string;
  /** May hold dots: `ext_p.workload_actions.action`. */
  readonly entity: string;
  /** Digits after `v`, as written. */
  readonly major: string;
  /** The numbers after the major version, as written: none, the minor one, or two. */
  readonly rest: readonly string[];
}

/** A Cross-domain Type Identifier: contexts from the base to what is derived from it, and the id of an instance. */
export interface Cti {
  readonly contexts: readonly CtiContext[];
  readonly uuid?: string;
}

const MAX_CTI_LENGTH = 512;
const MAX_CONTEXTS = 8;
const CONTEXT = /^([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)\.([a-z][a-z0-9_.]+)\.v(\d+)(?:\.(\d+))?(?:\.(\d+))?$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const APP_CODE = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/;

/** Reads an identifier; undefined for what the grammar does not know, is longer than 512 characters or has more than 8 contexts. */
export function parseCti(text: string): Cti | undefined {
  if (text.length > MAX_CTI_LENGTH || !text.startsWith('cti.')) return undefined;
  const parts = text.slice('cti.'.length).split('~');
  const last = parts.at(-1) ?? '';
  const uuid = parts.length > 1 && UUID.test(last) ? last : undefined;
  if (uuid !== undefined) parts.pop();
  if (parts.length > MAX_CONTEXTS) return undefined;
  const contexts: CtiContext[] = [];
  for (const part of parts) {
    const context = parseContext(part);
    if (context === undefined) return undefined;
    contexts.push(context);
  }
  return uuid === undefined ? { contexts } : { contexts, uuid };
}

/** The text that `parseCti` reads to the same. */
export function formatCti(cti: Cti): string {
  const parts = cti.contexts.map(formatContext);
  if (cti.uuid !== undefined) parts.push(cti.uuid);
  return `cti.${parts.join('~')}`;
}

/** Whether `text` is `base` or derives from it. A minor version beyond that of the base is as good; another major one is not. */
export function derivesFrom(text: string, base: string): boolean {
  const [cti, root] = [parseCti(text), parseCti(base)];
  if (cti === undefined || root === undefined) return false;
  return root.contexts.every((wanted, index) => {
    const found = cti.contexts[index];
    return found !== undefined && compatible(found, wanted);
  });
}

/** Whether the last context of an identifier belongs to the CyberApp `app` (`vendor.application`). */
export function belongsTo(text: string, app: string): boolean {
  const last = parseCti(text)?.contexts.at(-1);
  return last !== undefined && `${last.vendor}.${last.application}` === app;
}

/** Whether a text is a CyberApp code: `vendor.application`, lower case, each beginning with a letter. */
export function isAppCode(text: string): boolean {
  return text.length <= 128 && APP_CODE.test(text);
}

/** What was found for an identifier. */
export interface CtiMatch<T> {
  readonly value: T;
  /** As it is registered: answers carry this one. */
  readonly registered: string;
  /** True when only the minor version differs from the registered one. */
  readonly drifted: boolean;
}

/** Values by identifier; the last context may have another minor version than the registered one (CyberApp 1.3 "Versions"). */
export class CtiTable<T> {
  readonly #exact = new Map<string, T>();
  readonly #families = new Map<string, string>();

  /** @throws RangeError for an identifier that the grammar does not know */
  constructor(entries: Iterable<readonly [string, T]>) {
    for (const [text, value] of entries) {
      const family = familyOf(text);
      if (family === undefined) throw new RangeError(`${JSON.stringify(text.slice(0, 80))} is no type identifier`);
      this.#exact.set(text, value);
      this.#families.set(family, text);
    }
  }

  find(text: string): CtiMatch<T> | undefined {
    const exact = this.#exact.get(text);
    if (exact !== undefined) return { value: exact, registered: text, drifted: false };
    const family = familyOf(text);
    const registered = family === undefined ? undefined : this.#families.get(family);
    const value = registered === undefined ? undefined : this.#exact.get(registered);
    return registered === undefined || value === undefined ? undefined : { value, registered, drifted: true };
  }
}

/** The identifier with only the major version of its last context. */
function familyOf(text: string): string | undefined {
  const cti = parseCti(text);
  const last = cti?.contexts.at(-1);
  if (cti === undefined || last === undefined) return undefined;
  return formatCti({ ...cti, contexts: [...cti.contexts.slice(0, -1), { ...last, rest: [] }] });
}

function compatible(found: CtiContext, wanted: CtiContext): boolean {
  const same = (['vendor', 'application', 'entity', 'major'] as const).every((part) => found[part] === wanted[part]);
  return same && Number(found.rest[0] ?? 0) >= Number(wanted.rest[0] ?? 0);
}

function parseContext(text: string): CtiContext | undefined {
  const [, vendor, application, entity, major, ...rest] = CONTEXT.exec(text) ?? [];
  if (vendor === undefined || application === undefined || entity === undefined || major === undefined) return undefined;
  return { vendor, application, entity, major, rest: rest.filter((part) => part !== undefined) };
}

function formatContext({ vendor, application, entity, major, rest }: CtiContext): string {
  return `${vendor}.${application}.${entity}.v${[major, ...rest].join('.')}`;
}
