import { codecError, REASONS } from '../errors.ts';
import type { ObjectOf, OvirtObject, TypeName } from './schema/index.ts';

/** A field that must be there, or several of which one must be. */
export type Requirement<Type extends TypeName> = (keyof ObjectOf<Type> & string) | readonly (keyof ObjectOf<Type> & string)[];

/** Refuses an object that lacks fields, in the engine's words: `Vm [name, cluster] required for add`. Throws `OVIRT_WIRE_INCOMPLETE`. */
export function requireFields<Type extends TypeName>(
  type: Type,
  object: NoInfer<ObjectOf<Type>>,
  requirements: readonly Requirement<Type>[],
  operation = 'add',
): void {
  const missing = requirements.filter((requirement) => [requirement].flat().every((field) => (object as OvirtObject)[field] === undefined));
  if (missing.length === 0) return;
  const names = missing.map((requirement) => [requirement].flat().join('|'));
  throw codecError('OVIRT_WIRE_INCOMPLETE', REASONS.incomplete, `${modelName(type)} [${names.join(', ')}] required for ${operation}`);
}

/** `disk_attachment` as the API model calls it: `DiskAttachment`. */
export function modelName(type: TypeName): string {
  return type.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
