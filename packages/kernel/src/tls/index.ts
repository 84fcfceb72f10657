// @peculiar/x509 throws unless this was loaded before it.
import 'reflect-metadata';

export { Authority, type ChangeListener } from './authority.ts';
export { type PairFiles, readPair } from './files.ts';
export type { Pair } from './issue.ts';
export { type AuthorityOptions, loadAuthority, type SslFiles } from './load.ts';
export { CertificateWatch, type CertificateWatchOptions } from './watch.ts';
