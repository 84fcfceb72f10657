import { type Drafts, emptyDrafts, type NamespaceDraft, type Origin, type PropertyDraft } from './drafts.ts';
import { fullName } from './elements.ts';
import { type LoadOptions, readSchemaFile } from './file-reader.ts';
import { lintSchema } from './lint.ts';
import type { ClassType, LintFinding, NamespaceType, Property, Schema, SourceFile, Typedef } from './schema.ts';
import { missingTypedef } from './typedef.ts';

export interface LoadedSchema {
  readonly schema: Schema;
  /** What `lint` says: of each file in its order, then the references between them. */
  readonly findings: readonly LintFinding[];
}

/** Properties that get an equality index without asking (cce 3.2). */
const ALWAYS_INDEXED = ['name', 'site', 'fqdn', 'domain'];

/** cce 2.3: it restricts nothing, since the namespaces that a file declares decide. */
const IMPLICIT_ACL = 'ruleAll';

/**
 * The schema that files say together (cce 2). Never throws: what is broken is left out and is a finding. Of two declarations of the same
 * thing the later one counts, in the order of the files given.
 */
export function loadSchema(files: readonly SourceFile[], options: LoadOptions = {}): LoadedSchema {
  const drafts = emptyDrafts();
  const findings: LintFinding[] = [];
  for (const file of files) readSchemaFile(file, drafts, findings, options);
  const binder = new Binder(drafts, findings);
  const schema = binder.bind();
  findings.push(...lintSchema(schema, (subject) => binder.originOf(subject)));
  return { schema, findings };
}

class Binder {
  readonly #drafts: Drafts;
  readonly #findings: LintFinding[];
  readonly #missing = new Map<string, Typedef>();

  constructor(drafts: Drafts, findings: LintFinding[]) {
    this.#drafts = drafts;
    this.#findings = findings;
  }

  bind(): Schema {
    const classes = new Map<string, ClassType>();
    for (const [name, namespaces] of this.#drafts.classes) classes.set(name, this.#class(name, namespaces));
    const typedefs = new Map([...this.#drafts.typedefs].map(([name, { typedef }]) => [name, typedef]));
    const rules = new Map([...this.#drafts.rules].map(([name, { rule }]) => [name, rule]));
    return { classes, rules, typedefs };
  }

  /** Where the thing of a finding was declared. */
  originOf(subject: { class?: string; namespace?: string; property?: string; rule?: string }): Origin {
    const nowhere = { file: '', line: 0 };
    if (subject.rule !== undefined) return this.#drafts.rules.get(subject.rule)?.origin ?? nowhere;
    const draft = this.#drafts.classes.get(subject.class ?? '')?.get(subject.namespace ?? '');
    const property = subject.property === undefined ? undefined : draft?.properties.get(subject.property);
    return property?.origin ?? draft?.origin ?? nowhere;
  }

  /** The default namespace is always there and stands first. */
  #class(name: string, drafts: ReadonlyMap<string, NamespaceDraft>): ClassType {
    const own = drafts.get('');
    const namespaces = new Map([['', own ? this.#namespace(own) : implicitNamespace(name)]]);
    for (const [key, draft] of drafts) {
      if (key !== '') namespaces.set(key, this.#namespace(draft));
    }
    return { name, namespaces };
  }

  #namespace(draft: NamespaceDraft): NamespaceType {
    const properties = new Map<string, Property>();
    for (const [name, property] of draft.properties) properties.set(name, this.#property(property));
    return {
      class: draft.class,
      name: draft.name,
      version: draft.version ?? '',
      createAcl: draft.createAcl ?? '',
      destroyAcl: draft.destroyAcl ?? '',
      properties,
      ...this.#indexes(draft),
    };
  }

  #property(draft: PropertyDraft): Property {
    const { origin: _, type, nosave, ...rest } = draft;
    return { ...rest, type: this.#typedef(type), ...(nosave && { nosave }) };
  }

  #typedef(name: string): Typedef {
    const known = this.#drafts.typedefs.get(name)?.typedef ?? this.#missing.get(name);
    if (known) return known;
    const missing = missingTypedef(name);
    this.#missing.set(name, missing);
    return missing;
  }

  #indexes(draft: NamespaceDraft): Pick<NamespaceType, 'indexes' | 'uniqueIndexes'> {
    const indexes = new Set(ALWAYS_INDEXED.filter((name) => draft.properties.has(name)));
    const uniqueIndexes = new Set<string>();
    for (const { property, unique, origin } of draft.indexes) {
      if (!draft.properties.has(property)) {
        const text = `index of ${property}, which is no property of ${fullName(draft.class, draft.name)}`;
        this.#findings.push({ severity: 'warning', ...origin, text });
        continue;
      }
      indexes.add(property);
      if (unique) uniqueIndexes.add(property);
    }
    return { indexes, uniqueIndexes };
  }
}

function implicitNamespace(name: string): NamespaceType {
  return {
    class: name,
    name: '',
    version: '',
    createAcl: IMPLICIT_ACL,
    destroyAcl: IMPLICIT_ACL,
    properties: new Map(),
    indexes: new Set(),
    uniqueIndexes: new Set(),
  };
}
