import { comparatorOf } from '../sort/index.ts';
import type { Drafts, NamespaceDraft, Origin } from './drafts.ts';
import { attributesOf, FALSE_WORDS, fullName, MAGIC, NAME, RULE_KINDS, shown } from './elements.ts';
import type { LintFinding, SourceFile } from './schema.ts';
import { readTags, type Tag } from './tags.ts';
import { makeTypedef, withPasswordMax } from './typedef.ts';

export interface LoadOptions {
  /** False: `no`, `false` and `off` are true, as in the original (cce 2.3). */
  readonly schemaStrictBool?: boolean | undefined;
  /** Characters of the longest password; absent: what the type `password` says. At most 1000. */
  readonly passwordMax?: number | undefined;
}

/** Findings of one file; a file that is none at all would fill the log. */
const MOST_FINDINGS = 200;

/** Puts what one file says into the drafts; what is wrong with it into the findings. */
export function readSchemaFile(source: SourceFile, drafts: Drafts, findings: LintFinding[], options: LoadOptions): void {
  const reader = new FileReader(source, drafts, options);
  reader.read();
  findings.push(...reader.findings);
}

class FileReader {
  readonly findings: LintFinding[] = [];
  readonly #source: SourceFile;
  readonly #drafts: Drafts;
  readonly #options: LoadOptions;
  /** The class whose element is open. */
  #class: NamespaceDraft | undefined;
  #defaults = { readAcl: '', writeAcl: '' };
  #hidden = 0;

  constructor(source: SourceFile, drafts: Drafts, options: LoadOptions) {
    this.#source = source;
    this.#drafts = drafts;
    this.#options = options;
  }

  read(): void {
    const tags = readTags(this.#source.text, (severity, line, text) => this.#report(severity, line, text));
    for (const tag of tags) {
      if (tag.kind === 'close') this.#close(tag);
      else this.#open(tag);
    }
    if (this.#class) this.#report('warning', this.#class.origin.line, `class ${this.#class.class} does not end`);
    if (this.#hidden > 0) {
      const text = `and ${this.#hidden} more findings in this file`;
      this.findings.push({ severity: 'warning', file: this.#source.file, line: 1, text });
    }
  }

  #close(tag: Tag): void {
    if (tag.name === 'class' || tag.name === 'schema') this.#class = undefined;
  }

  #open(tag: Tag): void {
    const known = attributesOf(tag.name);
    if (!known) {
      this.#report('warning', tag.line, `<${shown(tag.name)}> is no element of a schema`);
      return;
    }
    for (const name of tag.attributes.keys()) {
      if (!known.has(name)) this.#report('warning', tag.line, `<${tag.name}> has no attribute ${shown(name)}`);
    }
    switch (tag.name) {
      case 'class':
        this.#openClass(tag);
        break;
      case 'property':
        this.#property(tag);
        break;
      case 'index':
        this.#index(tag);
        break;
      case 'typedef':
        this.#typedef(tag);
        break;
      case 'rule':
        this.#rule(tag);
        break;
      case 'matchtype':
        this.#matchtype(tag);
        break;
      default:
    }
  }

  #openClass(tag: Tag): void {
    if (this.#class) this.#report('warning', tag.line, `class ${this.#class.class} does not end before the next one`);
    this.#class = undefined;
    const name = this.#nameOf(tag);
    const namespace = (tag.attributes.get('namespace') ?? '').trim();
    if (name === '') return;
    if (namespace !== '' && !NAME.test(namespace)) {
      this.#report('error', tag.line, `bad name of a namespace: ${shown(namespace)}`);
      return;
    }
    const draft = this.#draftOf(name, namespace, tag);
    draft.version = tag.attributes.get('version') ?? draft.version;
    draft.createAcl = tag.attributes.get('createacl') ?? draft.createAcl;
    draft.destroyAcl = tag.attributes.get('destroyacl') ?? draft.destroyAcl;
    this.#defaults = {
      readAcl: tag.attributes.get('defaultreadacl') ?? '',
      writeAcl: tag.attributes.get('defaultwriteacl') ?? '',
    };
    if (!tag.isEmpty) this.#class = draft;
  }

  /** Declared again, a class is merged (cce 2.3). */
  #draftOf(name: string, namespace: string, tag: Tag): NamespaceDraft {
    const namespaces = this.#drafts.classes.get(name) ?? new Map<string, NamespaceDraft>();
    this.#drafts.classes.set(name, namespaces);
    const known = namespaces.get(namespace);
    if (known) {
      const { file, line } = known.origin;
      this.#report('warning', tag.line, `${fullName(name, namespace)} is declared at ${file}:${line} already; the two are merged`);
      return known;
    }
    const made: NamespaceDraft = {
      class: name,
      name: namespace,
      version: undefined,
      createAcl: undefined,
      destroyAcl: undefined,
      properties: new Map(),
      indexes: [],
      origin: this.#origin(tag),
    };
    namespaces.set(namespace, made);
    return made;
  }

  #property(tag: Tag): void {
    const owner = this.#owner(tag);
    const name = owner ? this.#nameOf(tag) : '';
    if (!owner || name === '') return;
    if (MAGIC.has(name)) {
      this.#report('error', tag.line, `${name} is a property that every object has anyway`);
      return;
    }
    const type = (tag.attributes.get('type') ?? '').trim();
    if (type === '') this.#report('warning', tag.line, `property ${name} has no type; scalar is taken`);
    if (owner.properties.has(name)) {
      this.#report('warning', tag.line, `property ${name} of ${fullName(owner.class, owner.name)} is declared again; the last one counts`);
    }
    owner.properties.set(name, {
      name,
      type: type === '' ? 'scalar' : type,
      default: tag.attributes.get('default') ?? '',
      optional: this.#isTrue(tag, 'optional'),
      array: this.#isTrue(tag, 'array'),
      readAcl: tag.attributes.get('readacl') ?? this.#defaults.readAcl,
      writeAcl: tag.attributes.get('writeacl') ?? this.#defaults.writeAcl,
      nosave: this.#isTrue(tag, 'nosave'),
      origin: this.#origin(tag),
    });
  }

  #index(tag: Tag): void {
    const owner = this.#owner(tag);
    const property = (tag.attributes.get('property') ?? '').trim();
    if (!owner) return;
    if (property === '') {
      this.#report('warning', tag.line, 'an index has no property');
      return;
    }
    owner.indexes.push({ property, unique: this.#isTrue(tag, 'unique'), origin: this.#origin(tag) });
  }

  #typedef(tag: Tag): void {
    const name = this.#nameOf(tag);
    if (name === '') return;
    const data = tag.attributes.get('data') ?? '';
    const made = makeTypedef({
      name,
      kind: (tag.attributes.get('type') ?? '').trim().toLowerCase(),
      data: name === 'password' ? withPasswordMax(data, this.#options.passwordMax) : data,
      errorMessage: tag.attributes.get('errmsg') ?? '',
    });
    if (made.trouble !== undefined) this.#report('error', tag.line, `type ${name}: ${made.trouble}`);
    if (this.#drafts.typedefs.has(name)) this.#report('warning', tag.line, `type ${name} is declared again; the last one counts`);
    this.#drafts.typedefs.set(name, { typedef: made.typedef, origin: this.#origin(tag) });
  }

  #rule(tag: Tag): void {
    const name = this.#nameOf(tag);
    if (name === '') return;
    const type = (tag.attributes.get('type') ?? '').trim().toLowerCase();
    const kind = RULE_KINDS.find((one) => one === type);
    if (!kind) {
      this.#report('error', tag.line, `rule ${name}: type="${shown(type)}" is none of ${RULE_KINDS.join(', ')}`);
      return;
    }
    if (this.#drafts.rules.has(name)) this.#report('warning', tag.line, `rule ${name} is declared again; the last one counts`);
    this.#drafts.rules.set(name, { rule: { name, kind, data: tag.attributes.get('data') ?? '' }, origin: this.#origin(tag) });
  }

  /** The sort types are functions of the engine (cce 1.7), so there is nothing to keep. */
  #matchtype(tag: Tag): void {
    const name = tag.attributes.get('name') ?? '';
    const plain = name.replace(/\(.*$/s, '');
    const isKnown = plain === 'locale' || comparatorOf(plain) !== undefined;
    if (!isKnown) this.#report('warning', tag.line, `the engine has no sort type ${shown(name)}`);
  }

  #owner(tag: Tag): NamespaceDraft | undefined {
    if (!this.#class) this.#report('error', tag.line, `<${tag.name}> stands outside of a class`);
    return this.#class;
  }

  /** Empty, with a finding, when there is none that could be written in a command. */
  #nameOf(tag: Tag): string {
    const name = (tag.attributes.get('name') ?? '').trim();
    if (name === '') this.#report('error', tag.line, `<${tag.name}> has no name`);
    else if (!NAME.test(name)) this.#report('error', tag.line, `bad name of <${tag.name}>: ${shown(name)}`);
    return NAME.test(name) ? name : '';
  }

  /** cce 2.3: everything is true but nothing, the empty value and `0`; ours also knows the words for no. */
  #isTrue(tag: Tag, attribute: string): boolean {
    const value = (tag.attributes.get(attribute) ?? '').trim();
    if (value === '' || value === '0') return false;
    if (this.#options.schemaStrictBool === false || !FALSE_WORDS.has(value.toLowerCase())) return true;
    this.#report('warning', tag.line, `${attribute}="${value}" is taken as 0; the original takes it as 1`);
    return false;
  }

  #origin(tag: Tag): Origin {
    return { file: this.#source.file, line: tag.line };
  }

  #report(severity: LintFinding['severity'], line: number, text: string): void {
    if (this.findings.length < MOST_FINDINGS) this.findings.push({ severity, file: this.#source.file, line, text });
    else this.#hidden += 1;
  }
}
