import type { RuleDefinition, Typedef } from './schema.ts';

/** Where something was said. */
export interface Origin {
  readonly file: string;
  readonly line: number;
}

/** A property as its element says it: the type is a name, since its definition may come later. */
export interface PropertyDraft {
  readonly name: string;
  readonly type: string;
  readonly default: string;
  readonly optional: boolean;
  readonly array: boolean;
  readonly readAcl: string;
  readonly writeAcl: string;
  readonly nosave: boolean;
  readonly origin: Origin;
}

export interface IndexDraft {
  readonly property: string;
  readonly unique: boolean;
  readonly origin: Origin;
}

/** One namespace of a class, from all elements that declare it. Undefined: no element says it. */
export interface NamespaceDraft {
  readonly class: string;
  readonly name: string;
  version: string | undefined;
  createAcl: string | undefined;
  destroyAcl: string | undefined;
  readonly properties: Map<string, PropertyDraft>;
  readonly indexes: IndexDraft[];
  readonly origin: Origin;
}

/** Everything that the files say, before names are bound. */
export interface Drafts {
  /** Class to namespace to draft, in the order of the files. */
  readonly classes: Map<string, Map<string, NamespaceDraft>>;
  readonly typedefs: Map<string, { readonly typedef: Typedef; readonly origin: Origin }>;
  readonly rules: Map<string, { readonly rule: RuleDefinition; readonly origin: Origin }>;
}

export function emptyDrafts(): Drafts {
  return { classes: new Map(), typedefs: new Map(), rules: new Map() };
}
