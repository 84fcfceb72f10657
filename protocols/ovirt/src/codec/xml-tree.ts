import { SaxesParser } from 'saxes';
import { codecError, REASONS } from '../errors.ts';

/** What a document may cost at most. */
export interface XmlLimits {
  readonly maxDepth: number;
  /** Elements and attributes together. */
  readonly maxNodes: number;
}

/** An element. Names are without prefix; attributes are a map, so that no name can reach a prototype. */
export interface XmlNode {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlNode[];
  /** The character data directly inside, in one piece. */
  readonly text: string;
}

interface OpenNode {
  name: string;
  attributes: Map<string, string>;
  children: OpenNode[];
  text: string;
}

/**
 * Reads a whole document into a tree: well-formed XML 1.0 with one root, no DTD, no entity but the five of XML.
 * Throws `OVIRT_WIRE_BAD_XML`, `OVIRT_WIRE_TOO_DEEP` or `OVIRT_WIRE_TOO_LARGE`.
 */
export function parseXml(text: string, limits: XmlLimits): XmlNode {
  const builder = new TreeBuilder(limits);
  const parser = new SaxesParser({ position: true, xmlns: false, defaultXMLVersion: '1.0', forceXMLVersion: true });
  parser.on('error', (error) => {
    throw badXml(withoutNames(error.message));
  });
  parser.on('doctype', () => {
    throw badXml('a document type is not accepted');
  });
  parser.on('opentag', (tag) => builder.open(tag.name, Object.entries(tag.attributes)));
  parser.on('text', (data) => builder.text(data));
  parser.on('cdata', (data) => builder.text(data));
  parser.on('closetag', () => builder.close());
  parser.write(text);
  parser.close();
  return builder.finish();
}

/** `1:55: unclosed tag: name` without the name: a password with a `<` in it makes tags of its second half. */
function withoutNames(message: string): string {
  return /^\d+:\d+: [^:]*/.exec(message)?.[0] ?? 'it is not well-formed';
}

/** The name after the last colon: prefixes are a matter of the writer's taste. */
function localName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

class TreeBuilder {
  readonly #limits: XmlLimits;
  readonly #path: OpenNode[] = [];
  #root: OpenNode | undefined;
  #nodes = 0;

  constructor(limits: XmlLimits) {
    this.#limits = limits;
  }

  open(name: string, attributes: readonly (readonly [string, string])[]): void {
    this.#nodes += 1 + attributes.length;
    if (this.#nodes > this.#limits.maxNodes) {
      throw codecError('OVIRT_WIRE_TOO_LARGE', REASONS.syntax, `The XML has more than ${this.#limits.maxNodes} elements and attributes.`);
    }
    if (this.#path.length >= this.#limits.maxDepth) {
      throw codecError('OVIRT_WIRE_TOO_DEEP', REASONS.syntax, `The XML is nested deeper than ${this.#limits.maxDepth} levels.`);
    }
    const node: OpenNode = { name: localName(name), attributes: attributesOf(attributes), children: [], text: '' };
    const parent = this.#path.at(-1);
    if (parent === undefined) this.#root ??= node;
    else parent.children.push(node);
    this.#path.push(node);
  }

  text(data: string): void {
    const node = this.#path.at(-1);
    if (node !== undefined) node.text += data;
  }

  close(): void {
    this.#path.pop();
  }

  finish(): XmlNode {
    if (this.#root === undefined) throw badXml('there is no root element');
    return this.#root;
  }
}

function attributesOf(attributes: readonly (readonly [string, string])[]): Map<string, string> {
  return new Map(
    attributes.filter(([name]) => name !== 'xmlns' && !name.startsWith('xmlns:')).map(([name, value]) => [localName(name), value]),
  );
}

function badXml(detail: string): Error {
  return codecError('OVIRT_WIRE_BAD_XML', REASONS.syntax, `The XML cannot be read: ${detail}`);
}
