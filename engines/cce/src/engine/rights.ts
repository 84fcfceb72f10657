import type { Access, Caller } from '../access/index.ts';
import type { ClassType, NamespaceType } from '../schema/schema.ts';
import type { ObjectState } from './values.ts';
import type { View } from './view.ts';

/** What one caller may do (cce 3.3) with objects as a view has them. */
export class Rights {
  readonly caller: Caller;
  readonly #view: View;
  readonly #access: Access;

  constructor(parts: { readonly caller: Caller; readonly view: View; readonly access: Access }) {
    this.caller = parts.caller;
    this.#view = parts.view;
    this.#access = parts.access;
  }

  async mayRead(state: ObjectState, type: NamespaceType, property: string): Promise<boolean> {
    return this.#access.mayRead(this.caller, this.#view.target(state), property, type);
  }

  readable(state: ObjectState, type: NamespaceType): Promise<ReadonlySet<string>> {
    return this.#access.readable(this.caller, this.#view.target(state), type);
  }

  /** Those of the properties that must not be written; keys that are no properties are no matter of rights. */
  refused(state: ObjectState, type: NamespaceType, keys: Iterable<string>): Promise<readonly string[]> {
    const properties = [...keys].filter((key) => type.properties.has(key));
    return this.#access.refused(this.caller, this.#view.target(state), type, properties);
  }

  async mayCreate(state: ObjectState, type: ClassType): Promise<boolean> {
    return this.#access.mayCreate(this.caller, this.#view.target(state), type);
  }

  async mayDestroy(state: ObjectState, type: ClassType): Promise<boolean> {
    return this.#access.mayDestroy(this.caller, this.#view.target(state), type);
  }
}
