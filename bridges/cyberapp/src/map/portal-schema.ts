import type { JsonSchema } from '@fairlead/acronis/codec';

/** A schema with nothing but what the Vendor Portal takes (cyberapp 2.9): our own limits are kept here. `{}` stands for no payload. */
export function portalSchema(schema: JsonSchema | undefined): JsonSchema {
  if (schema === undefined) return {};
  const { type, properties, required, additionalProperties, items, anyOf } = schema;
  return {
    ...(type !== undefined && { type }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, member]) => [name, portalSchema(member)])),
    }),
    ...(required !== undefined && { required }),
    ...(additionalProperties !== undefined && { additionalProperties }),
    ...(items !== undefined && { items: portalSchema(items) }),
    ...(anyOf !== undefined && { anyOf: anyOf.map(portalSchema) }),
  };
}
