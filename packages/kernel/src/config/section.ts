import type { Field } from './fields.ts';

export type Fields = Readonly<Record<string, Field<unknown>>>;

/** One declared section. A named one (`[ovirt profile <name>]`) may appear many times; its values are a record by name. */
export interface Section<Name extends string = string, F extends Fields = Fields, Named extends boolean = boolean> {
  /** The key of its values; also the words in the brackets unless `header` says otherwise. */
  readonly name: Name;
  /** The words in the brackets, without the free name of a named section. */
  readonly header: string;
  readonly fields: F;
  readonly doc: string;
  /** Older names that are read the same. */
  readonly aliases: readonly string[];
  /** What the free name of a named section is called in documents, for instance `name` or `dc`. */
  readonly placeholder: string | undefined;
  readonly named: Named;
  /** The key that names a file of `key = value` lines whose keys count where the section itself does not have them (design 6). */
  readonly fileKey?: string | undefined;
}

type FieldValues<F extends Fields> = { readonly [Key in keyof F]: F[Key] extends Field<infer T> ? T : never };

/** The values of one section, by key as in the file. */
export type SectionValue<S extends Section> = S['named'] extends true
  ? Readonly<Record<string, FieldValues<S['fields']>>>
  : FieldValues<S['fields']>;

/** The values of several sections, by section name; named ones are records by their free name. */
export type SectionValues<Sections extends readonly Section[]> = {
  readonly [S in Sections[number] as S['name']]: SectionValue<S>;
};

interface SectionOptions<Key extends string = string> {
  readonly doc: string;
  readonly aliases?: readonly string[];
  readonly header?: string;
  readonly fileKey?: Key;
}

/**
 * Declares a section: each setting once, with type, default, doc and secrecy.
 * With `named`, `[<header> <free name>]` may appear any number of times; the word is what documents call the free name.
 * Beside a plain `[connector]`, the named one takes another name and `header: 'connector'`.
 * `fileKey` is the key that names a file of an older program, which is read like the section.
 */
export function section<const Name extends string, const F extends Fields, const Named extends string>(
  name: Name,
  fields: F,
  options: SectionOptions<NoInfer<keyof F & string>> & { readonly named: Named },
): Section<Name, F, true>;
export function section<const Name extends string, const F extends Fields>(
  name: Name,
  fields: F,
  options: SectionOptions<NoInfer<keyof F & string>> & { readonly named?: never },
): Section<Name, F, false>;
export function section(name: string, fields: Fields, options: SectionOptions & { readonly named?: string | undefined }): Section {
  return {
    name,
    header: options.header ?? name,
    fields,
    doc: options.doc,
    aliases: options.aliases ?? [],
    placeholder: options.named,
    named: options.named !== undefined,
    fileKey: options.fileKey,
  };
}
