import type { XmlNode } from './xml-tree.ts';

/** The children of that name; none of no node. */
export function children(node: XmlNode | undefined, name: string): readonly XmlNode[] {
  return node?.children.filter((child) => child.name === name) ?? [];
}

export function firstChild(node: XmlNode | undefined, name: string): XmlNode | undefined {
  return node?.children.find((child) => child.name === name);
}

/** The text of a child, trimmed; `undefined` when it is not there or empty. */
export function childText(node: XmlNode | undefined, name: string): string | undefined {
  const text = firstChild(node, name)?.text.trim();
  return text === '' ? undefined : text;
}

/** Every element of that name below a node, in the order of the document. */
export function descendants(node: XmlNode, name: string): XmlNode[] {
  return node.children.flatMap((child) => (child.name === name ? [child, ...descendants(child, name)] : descendants(child, name)));
}
