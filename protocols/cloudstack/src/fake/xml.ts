/** The server's other format, which is what it answers without `response=json`. */
export function toXml(envelope: string, inner: object, versioned = true): string {
  const version = versioned ? ' cloud-stack-version="4.23.0.0-SNAPSHOT"' : '';
  return `<?xml version="1.0" encoding="UTF-8"?><${envelope}${version}>${children(inner)}</${envelope}>`;
}

function children(value: object): string {
  return Object.entries(value)
    .flatMap(([name, item]) => (Array.isArray(item) ? item : [item]).map((one: unknown) => element(name, one)))
    .join('');
}

function element(name: string, value: unknown): string {
  const inside = typeof value === 'object' && value !== null ? children(value) : escapeText(String(value));
  return `<${name}>${inside}</${name}>`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
