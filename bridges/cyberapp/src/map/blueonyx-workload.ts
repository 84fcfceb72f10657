import type { DesiredWorkload } from './types.ts';
import type { ItemMapper } from './workload.ts';

/** A Vsite (cyberapp 5.3). The source gives its attributes by our names. */
export const siteWorkload: ItemMapper = ({ kind, attributes }) => {
  if (kind !== 'web_site') return undefined;
  const enabled = attributes.status !== 'SUSPENDED';
  // Every mail changes how much is used.
  return { type: 'web_site', enabled, values: attributes, volatile: ['disk_used_bytes'] };
};

/** A site whose server does not answer: the last that is known, in error. One that is suspended stays so. */
export function unreachable(site: DesiredWorkload): DesiredWorkload {
  return site.attributes.status === 'SUSPENDED' ? site : { ...site, attributes: { ...site.attributes, status: 'ERROR' } };
}

/** Key of the server that a site is on, `bx:main`: the source tells facts of it under this key. */
export function serverKey(siteKey: string): string | undefined {
  return /^(bx:.+):vsite:[^:]*$/.exec(siteKey)?.[1];
}
