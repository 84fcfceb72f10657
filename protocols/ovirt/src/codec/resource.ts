import { codecError, REASONS } from '../errors.ts';
import { pluralOf } from './collections.ts';
import { isObject, jsonItems, parseJson, readJsonStruct, unwrapJson } from './json-reader.ts';
import { writeJson, writeJsonList } from './json-writer.ts';
import type { ObjectOf, OvirtObject, TypeName } from './schema/index.ts';
import { isAbsent, readStruct, requireRoot } from './xml-reader.ts';
import { parseXml } from './xml-tree.ts';
import { writeXml, writeXmlList } from './xml-writer.ts';

/** The two languages of the API. */
export type Format = 'xml' | 'json';

export const CONTENT_TYPES: Readonly<Record<Format, string>> = { xml: 'application/xml', json: 'application/json' };

export interface ReadOptions {
  /** Only decides which of the two parsers complains about a body that is neither: the content says what it is (oVirt 2.2). */
  readonly contentType?: string | undefined;
  /** Bytes; 8 MiB (oVirt 15 point 12). */
  readonly maxBytes?: number | undefined;
  /** Elements and attributes of XML; 250 000. */
  readonly maxNodes?: number | undefined;
  /** Keep enum values that the table does not know: for a client of newer engines. */
  readonly openEnums?: boolean | undefined;
}

export const MAX_BODY_BYTES = 8 * 1024 * 1024;
const MAX_NODES = 250_000;
const MAX_XML_DEPTH = 100;
const MAX_JSON_DEPTH = 32;

/** One object as the body of an answer or a request. Throws `OVIRT_WIRE_UNWRITABLE` for a value that the table does not allow. */
export function writeResource<Type extends TypeName>(type: Type, object: NoInfer<ObjectOf<Type>>, format: Format): string {
  return format === 'xml' ? writeXml(type, object as OvirtObject) : writeJson(type, object as OvirtObject);
}

/** A list of objects of one type, with its plural root in XML. */
export function writeCollection<Type extends TypeName>(type: Type, objects: readonly NoInfer<ObjectOf<Type>>[], format: Format): string {
  const plain = objects as readonly OvirtObject[];
  return format === 'xml' ? writeXmlList(pluralOf(type), type, plain) : writeJsonList(type, plain);
}

/**
 * The object in a body, XML or JSON by its first character. An empty body is an empty action, and nothing else.
 * Throws `OVIRT_WIRE_BAD_XML`, `OVIRT_WIRE_BAD_JSON`, `OVIRT_WIRE_BAD_VALUE`, `OVIRT_WIRE_TOO_LARGE`, `OVIRT_WIRE_TOO_DEEP`.
 */
export function readResource<Type extends TypeName>(type: Type, body: Uint8Array | string, options: ReadOptions = {}): ObjectOf<Type> {
  const text = decodeBody(body, options);
  if (type === 'action' && text.trim() === '') return {};
  return readAs([type], text, options).value as ObjectOf<Type>;
}

/** The objects of a list in a body; items that say nothing are left out. Throws as `readResource`. */
export function readCollection<Type extends TypeName>(type: Type, body: Uint8Array | string, options: ReadOptions = {}): ObjectOf<Type>[] {
  const text = decodeBody(body, options);
  const values = { openEnums: options.openEnums ?? false };
  const items = isXml(text, options) ? xmlList(type, text, options) : undefined;
  const objects =
    items?.map((item) => readStruct(type, item, type, values)) ??
    jsonItems(type, parseJson(text, MAX_JSON_DEPTH), type).map((item) => readJsonStruct(type, item, type, values));
  return objects.filter((object) => !isAbsent(object)) as ObjectOf<Type>[];
}

export interface Typed<Type extends TypeName> {
  readonly type: Type;
  readonly value: ObjectOf<Type>;
}

/**
 * The object in a body that may be of one of several types: told by the root in XML and by a wrapper in JSON; bare JSON is taken for the
 * first type. Throws as `readResource`.
 */
export function readAny<Type extends TypeName>(types: readonly Type[], body: Uint8Array | string, options: ReadOptions = {}): Typed<Type> {
  return readAs(types, decodeBody(body, options), options);
}

function readAs<Type extends TypeName>(types: readonly Type[], text: string, options: ReadOptions): Typed<Type> {
  const values = { openEnums: options.openEnums ?? false };
  if (isXml(text, options)) {
    const root = parseXml(text, limits(options));
    const type = requireRoot(root, types) as Type;
    return { type, value: readStruct(type, root, type, values) as ObjectOf<Type> };
  }
  const json = parseJson(text, MAX_JSON_DEPTH);
  if (!isObject(json)) throw codecError('OVIRT_WIRE_BAD_JSON', REASONS.syntax, 'The JSON is not an object.');
  const type = types.find((candidate) => unwrapJson(candidate, json) !== json) ?? types[0];
  if (type === undefined) throw new TypeError('no type to read');
  return { type, value: readJsonStruct(type, unwrapJson(type, json), type, values) as ObjectOf<Type> };
}

function xmlList(type: TypeName, text: string, options: ReadOptions): ReturnType<typeof parseXml>[] {
  const root = parseXml(text, limits(options));
  requireRoot(root, [pluralOf(type)]);
  return root.children.filter((child) => child.name === type);
}

function limits(options: ReadOptions): { maxDepth: number; maxNodes: number } {
  return { maxDepth: MAX_XML_DEPTH, maxNodes: options.maxNodes ?? MAX_NODES };
}

/** The text of a body: UTF-8, with or without byte order mark. */
export function decodeBody(body: Uint8Array | string, options: ReadOptions = {}): string {
  const maxBytes = options.maxBytes ?? MAX_BODY_BYTES;
  const bytes = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
  if (bytes > maxBytes) throw codecError('OVIRT_WIRE_TOO_LARGE', REASONS.syntax, `The body is larger than ${maxBytes} bytes.`);
  if (typeof body === 'string') return body.startsWith('\ufeff') ? body.slice(1) : body;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (error) {
    const code = body.find((byte) => byte > 0x20) === 0x3c ? 'OVIRT_WIRE_BAD_XML' : 'OVIRT_WIRE_BAD_JSON';
    throw codecError(code, REASONS.syntax, 'The body is not UTF-8.', { cause: error });
  }
}

function isXml(text: string, options: ReadOptions): boolean {
  const first = text.trimStart().charAt(0);
  if (first === '<') return true;
  if (first === '{' || first === '[') return false;
  return !(options.contentType ?? '').toLowerCase().includes('json');
}
