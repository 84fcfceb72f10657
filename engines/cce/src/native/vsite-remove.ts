import type { HandlerSession } from './handler-session.ts';

/** Classes whose objects belong to a site, and the property that names it. Users go first: their own handlers need the rest. */
const BELONGINGS = [
  ['User', 'site'],
  ['EmailAlias', 'site'],
  ['ProtectedEmailAlias', 'site'],
  ['Subdomains', 'site'],
  ['UserServices', 'site'],
  ['UserExtraServices', 'site'],
  ['VirtualHost', 'name'],
] as const;

/** All that belongs to a site ends with it (cce 4.8). A site that never got a name owns nothing. */
export async function removeVsite(session: HandlerSession): Promise<void> {
  const name = (await session.read(session.oid)).now('name');
  if (name === '') return;
  for (const [className, property] of BELONGINGS) {
    for (const oid of await session.find(className, { [property]: name })) await session.destroy(oid);
  }
}
