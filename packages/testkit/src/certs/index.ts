import { systemClock } from '@fairlead/kernel/clock';
import { silentLog } from '@fairlead/kernel/log';
import { type Authority, loadAuthority } from '@fairlead/kernel/tls';
import { tempDir } from '../temp/index.ts';

/** A throwaway authority with a leaf for this machine, and its folder. */
export interface TestAuthority extends AsyncDisposable {
  /** The real thing, for parts that want one. */
  readonly authority: Authority;
  /** PEM of the root: what clients trust. */
  readonly ca: string;
  /** Leaf for localhost, 127.0.0.1 and ::1. */
  readonly cert: string;
  readonly key: string;
  readonly stateDir: string;
}

/** Makes an authority and a leaf for localhost and 127.0.0.1; disposing removes them. */
export async function testAuthority(options: { readonly names?: readonly string[] } = {}): Promise<TestAuthority> {
  const folder = await tempDir('fairlead-ca-');
  const authority = await loadAuthority({
    ssl: {},
    stateDir: folder.path,
    names: options.names ?? [],
    clock: systemClock,
    log: silentLog(),
    defaultDir: folder.path,
  });
  return {
    authority,
    ca: authority.caPem,
    ...authority.server(),
    stateDir: folder.path,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
