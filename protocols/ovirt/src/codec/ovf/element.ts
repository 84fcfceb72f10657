import { escapeAttribute, escapeText } from '../xml-text.ts';

type Value = string | number | boolean | undefined;

/** Finished XML, so that it is not escaped twice. */
export interface Markup {
  readonly xml: string;
}

/** An element with children already made. */
export function element(name: string, attributes: Readonly<Record<string, Value>>, children: readonly Markup[] = []): Markup {
  const pairs = Object.entries(attributes).filter(([, value]) => value !== undefined);
  const head = pairs.map(([key, value]) => ` ${key}="${escapeAttribute(String(value))}"`).join('');
  const inside = children.map((child) => child.xml).join('');
  return { xml: inside === '' ? `<${name}${head}/>` : `<${name}${head}>${inside}</${name}>` };
}

/** One element for each value that is there. */
export function leaves(values: Readonly<Record<string, Value>>): Markup[] {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => leaf(name, value));
}

export function leaf(name: string, value: Value): Markup {
  return { xml: `<${name}>${escapeText(String(value ?? ''))}</${name}>` };
}
