import { type FollowTree, followed, type OvirtObject, type TypeName } from '@fairlead/ovirt/codec';
import type { Caller } from './caller.ts';

/** How one link of one type is inlined. */
export interface FollowRule {
  /** Type of the object that has the link: `vm`. */
  readonly type: TypeName;
  /** Element that receives it: `disk_attachments`; its name without underscores is what `follow=` says. */
  readonly field: string;
  /** Type of what is inlined: `disk_attachment`. */
  readonly target: TypeName;
  /** A list for a collection, one object for a reference; undefined leaves the object as it is. Reads the kept inventory only. */
  load(caller: Caller, object: OvirtObject): Promise<object | readonly object[] | undefined>;
}

/** Inlines what `follow=` asks for (ovirt 2.8). Each side adds the rules of its types. An unknown link is ignored. */
export class Follow {
  readonly #rules = new Map<string, FollowRule[]>();

  add(rules: readonly FollowRule[]): void {
    for (const rule of rules) this.#rules.set(rule.type, [...(this.#rules.get(rule.type) ?? []), rule]);
  }

  /** The objects with their links inlined, and those of what was inlined, as deep as the tree says. */
  async apply<T extends object>(caller: Caller, type: TypeName, objects: readonly T[], tree: FollowTree): Promise<readonly T[]> {
    const wanted = (this.#rules.get(type) ?? []).flatMap((rule) => {
      const below = followed(tree, rule.field);
      return below === undefined ? [] : [{ rule, below }];
    });
    if (wanted.length === 0) return objects;
    const result: T[] = [];
    for (const object of objects) {
      const inlined: Record<string, unknown> = {};
      for (const { rule, below } of wanted) inlined[rule.field] = await this.#inline(caller, object, { rule, below });
      result.push({ ...object, ...withoutAbsent(inlined) });
    }
    return result;
  }

  async #inline(caller: Caller, object: object, { rule, below }: { rule: FollowRule; below: FollowTree }): Promise<unknown> {
    const found = await rule.load(caller, object as OvirtObject);
    if (found === undefined) return undefined;
    if (isList(found)) return this.apply(caller, rule.target, found, below);
    return (await this.apply(caller, rule.target, [found], below))[0];
  }
}

function isList(value: object | readonly object[]): value is readonly object[] {
  return Array.isArray(value);
}

function withoutAbsent(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
