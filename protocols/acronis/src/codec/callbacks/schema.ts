/** JSON Schema as far as the Vendor Portal takes it (CyberApp 2.9), and the limits we set beside it. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly (string | null)[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
}

const UUID_PATTERN = '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$';

export const string: JsonSchema = { type: 'string' };
export const integer: JsonSchema = { type: 'integer' };
export const uuid: JsonSchema = { type: 'string', pattern: UUID_PATTERN };
/** An organization of ours: any text. */
export const vendorTenant: JsonSchema = { type: 'string', minLength: 1, maxLength: 255 };
export const tenantName: JsonSchema = { type: 'string', maxLength: 1024 };

type Members = Readonly<Record<string, JsonSchema>>;

/** An object with these members; others are passed over. */
export function object(required: Members, optional: Members = {}): JsonSchema {
  const names = Object.keys(required);
  return { type: 'object', properties: { ...required, ...optional }, ...(names.length > 0 ? { required: names } : {}) };
}

/** An object with these members and no other. */
export function closed(required: Members, optional: Members = {}): JsonSchema {
  return { ...object(required, optional), additionalProperties: false };
}

export function array(items: JsonSchema, maxItems?: number): JsonSchema {
  return { type: 'array', items, ...(maxItems === undefined ? {} : { maxItems }) };
}
