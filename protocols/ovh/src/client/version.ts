import { onNode } from '../platform.ts';

/** Of this package; a test compares it with package.json. */
const VERSION = '0.1.0';

/** `fairlead-ovh/0.1.0 node/24.11.0 (what the caller adds)`. */
export function userAgentOf(suffix: string | undefined): string {
  const own = `fairlead-ovh/${VERSION}${onNode ? ` node/${process.versions.node}` : ''}`;
  return suffix === undefined || suffix === '' ? own : `${own} (${suffix})`;
}
