/** A message as a tag that clients translate (cce 2.4): `[[base-vsite.fqdnInUse,fqdn='www.example.com']]`. */
export function tag(name: string, values: Readonly<Record<string, string | number>> = {}): string {
  const parts = Object.entries(values).map(([key, value]) => `,${key}='${String(value).replaceAll(/['\][]/g, '')}'`);
  return `[[${name}${parts.join('')}]]`;
}
