import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '../clock/index.ts';
import type { Log } from '../log/index.ts';
import { Authority, expiryOf, type Held, rootOf } from './authority.ts';
import { certificateError, type PairFiles, readPair, readPem, writePair } from './files.ts';
import { certificatesOf, firstPem, type Issuer, makeAuthority, makeLeaf, type Pair, readIssuer } from './issue.ts';
import { machineNames } from './names.ts';

/** `[ssl]` of the configuration. */
export interface SslFiles {
  readonly ca_cert_file?: string | undefined;
  readonly ca_key_file?: string | undefined;
  readonly cert_file?: string | undefined;
  readonly key_file?: string | undefined;
}

export interface AuthorityOptions {
  readonly ssl: SslFiles;
  readonly stateDir: string;
  /** Names and addresses beside those of the machine (`[server] public_ip`). */
  readonly names: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  /** Where certificates lie when `[ssl]` is silent; `/etc/fairlead/tls`. */
  readonly defaultDir?: string;
}

/** Renewed, or warned about when it is not ours, so long before its end. */
const renewMs = 30 * 86_400_000;

/**
 * Takes certificates from the configuration, else from the default paths, else makes an own authority and leaf and keeps them (design 7).
 * A configured pair that is missing is replaced by an own leaf when `ca_key_file` is named, as the older program did.
 * Throws `FAIRLEAD_CERTIFICATE`.
 */
export async function loadAuthority(options: AuthorityOptions): Promise<Authority> {
  const load = () => hold(options);
  return new Authority(await load(), options.clock, load);
}

async function hold(options: AuthorityOptions): Promise<Held> {
  const ca = await ownAuthority(options);
  const issuer = await readIssuer(ca);
  const own = await ownLeaf(options, issuer);
  const foreign = await configuredServer(options);
  if (foreign) warnOfExpiry(options, foreign);
  const named = await namedRoots(options);
  const roots = foreign && !isOurs(foreign, ca) ? [...named, ...rootOf(foreign.cert)] : named;
  return { ca, issuer, own, server: foreign ?? own, roots };
}

/** Our authority: the named CA when its key is named too, that of the default folder, or the one below the state folder, made once. */
async function ownAuthority(options: AuthorityOptions): Promise<Pair> {
  const files = await authorityFiles(options);
  // The key is written first: without its certificate, an earlier start was cut short before anybody saw either.
  const cutShort = files.cert === ownFiles(options, 'ca').cert && (await readPem(files.cert)) === undefined;
  const found = cutShort ? undefined : await readPair(files);
  if (found) return found;
  const made = await makeAuthority('Fairlead CA', options.clock.now());
  await writePair(files, made);
  options.log.info({ file: files.cert }, 'made an authority of our own');
  return made;
}

async function authorityFiles(options: AuthorityOptions): Promise<PairFiles> {
  const { ca_cert_file: cert, ca_key_file: key } = options.ssl;
  if (cert !== undefined && key !== undefined) return { cert, key };
  if (key !== undefined) throw certificateError(key, 'ca_cert_file is not named beside it');
  const usual = defaultFiles(options, 'ca');
  const there = cert === undefined && (await readPem(usual.cert)) !== undefined && (await readPem(usual.key)) !== undefined;
  return there ? usual : ownFiles(options, 'ca');
}

/** A leaf of our authority, made anew when a name is missing, its end is near, or it belongs to another authority. */
async function ownLeaf(options: AuthorityOptions, issuer: Issuer): Promise<Pair> {
  const files = ownFiles(options, 'server');
  const names = machineNames(options.names);
  const found = await readPair(files).catch(() => undefined);
  if (found && isGood(found, issuer, names, options.clock.now())) return found;
  const commonName = names.find((name) => isIP(name) === 0 && name !== 'localhost') ?? 'localhost';
  const made = await makeLeaf(issuer, { commonName, names, use: 'server', now: options.clock.now() });
  await writePair(files, made);
  options.log.info({ names }, found ? 'renewed our own server certificate' : 'made a server certificate of our own');
  return made;
}

function isGood(leaf: Pair, issuer: Issuer, names: readonly string[], now: number): boolean {
  const cert = new X509Certificate(firstPem(leaf.cert));
  if (!cert.verify(new X509Certificate(issuer.cert.toString('pem')).publicKey)) return false;
  if (expiryOf(leaf) - now < renewMs) return false;
  return names.every((name) => (isIP(name) === 0 ? cert.checkHost(name) : cert.checkIP(name)) !== undefined);
}

async function configuredServer(options: AuthorityOptions): Promise<Pair | undefined> {
  const { cert_file: cert, key_file: key, ca_key_file: caKey } = options.ssl;
  if (cert === undefined && key === undefined) return readPair(defaultFiles(options, 'server'));
  if (cert === undefined || key === undefined) {
    throw certificateError(cert ?? key ?? '', 'cert_file and key_file must both be named in [ssl]');
  }
  const found = await readPair({ cert, key });
  if (found) return found;
  if (caKey === undefined) throw certificateError(cert, 'the file does not exist');
  options.log.warn({ file: cert }, 'the configured certificate does not exist; one of our own is used instead');
  return undefined;
}

/** A CA that is named without its key signs nothing here, but clients must trust it. */
async function namedRoots(options: AuthorityOptions): Promise<string[]> {
  const { ca_cert_file: cert, ca_key_file: key } = options.ssl;
  const file = cert ?? defaultFiles(options, 'ca').cert;
  if (key !== undefined) return [];
  const text = await readPem(file);
  if (text === undefined && cert !== undefined) throw certificateError(file, 'the file does not exist');
  return text === undefined ? [] : certificatesOf(text);
}

function isOurs(pair: Pair, ca: Pair): boolean {
  return new X509Certificate(firstPem(pair.cert)).verify(new X509Certificate(firstPem(ca.cert)).publicKey);
}

function warnOfExpiry(options: AuthorityOptions, pair: Pair): void {
  const days = Math.floor((expiryOf(pair) - options.clock.now()) / 86_400_000);
  if (days < 30) options.log.warn({ days, file: options.ssl.cert_file }, 'the server certificate ends soon');
}

function defaultFiles(options: AuthorityOptions, name: 'ca' | 'server'): PairFiles {
  const folder = options.defaultDir ?? '/etc/fairlead/tls';
  return { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
}

function ownFiles(options: AuthorityOptions, name: 'ca' | 'server'): PairFiles {
  return { cert: join(options.stateDir, 'tls', `${name}.crt`), key: join(options.stateDir, 'tls', `${name}.key`) };
}
