import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { Clock } from '../clock/index.ts';
import type { Log } from '../log/index.ts';
import { Authority, expiryOf, type Held, rootOf } from './authority.ts';
import { certificateError, type PairFiles, readCertificates, readPair, readPem, writePair } from './files.ts';
import { firstPem, type Issuer, makeAuthority, makeLeaf, type Pair, readIssuer } from './issue.ts';
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

/** Ours are renewed so long before their end. */
const renewMs = 30 * 86_400_000;

/**
 * Takes certificates from the configuration, else from the default paths, else makes an own authority and leaf and keeps them (design 7).
 * A configured pair that is missing is replaced by an own leaf when `ca_key_file` is named, as the older program did.
 * Throws `FAIRLEAD_CERTIFICATE`.
 */
export async function loadAuthority(options: AuthorityOptions): Promise<Authority> {
  // Interfaces come and go with virtual machines: only a start looks at them, or the certificate would change with each.
  const load = { ...options, names: machineNames(options.names) };
  return new Authority(await hold(load), { clock: options.clock, log: options.log, reload: (former) => hold(load, former) });
}

/** With what is `former`ly held, files that are gone are a mistake: they were there. */
async function hold(options: AuthorityOptions, former?: Held): Promise<Held> {
  const ca = await ownAuthority(options, former);
  const issuer = await readIssuer(ca);
  const own = await ownLeaf(options, issuer);
  const foreign = await configuredServer(options, former);
  const named = await namedRoots(options);
  const roots = foreign && !isOurs(foreign, ca) ? [...named, ...rootOf(foreign.cert)] : named;
  return { ca, issuer, own, server: foreign ?? own, roots };
}

/** Our authority: the named CA when its key is named too, that of the default folder, or the one below the state folder, made once. */
async function ownAuthority(options: AuthorityOptions, former: Held | undefined): Promise<Pair> {
  const files = await authorityFiles(options);
  // The key is written first: without its certificate, an earlier start was cut short before anybody saw either.
  const cutShort = files.cert === ownFiles(options, 'ca').cert && (await readPem(files.cert)) === undefined;
  const found = cutShort ? undefined : await readPair(files);
  if (found) return found;
  if (former) throw certificateError(files.cert, 'the file does not exist');
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
  const { names } = options;
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
  // One that ends with its authority cannot be made to last longer.
  if (expiryOf(leaf) - now < renewMs && expiryOf(leaf) < issuer.cert.notAfter.getTime()) return false;
  return names.every((name) => (isIP(name) === 0 ? cert.checkHost(name) : cert.checkIP(name)) !== undefined);
}

/** The pair that the control faces show instead of our own leaf. */
async function configuredServer(options: AuthorityOptions, former: Held | undefined): Promise<Pair | undefined> {
  const { cert_file: named, key_file: key, ca_key_file: caKey } = options.ssl;
  if ((named === undefined) !== (key === undefined)) {
    throw certificateError(named ?? key ?? '', 'cert_file and key_file must both be named in [ssl]');
  }
  const files = named === undefined || key === undefined ? defaultFiles(options, 'server') : { cert: named, key };
  const found = await readPair(files);
  if (found) return servable(files, found);
  const wasThere = former !== undefined && former.server !== former.own;
  if (wasThere || (named !== undefined && caKey === undefined)) throw certificateError(files.cert, 'the file does not exist');
  if (named !== undefined && !former) {
    options.log.warn({ file: named }, 'the configured certificate does not exist; one of our own is used instead');
  }
  return undefined;
}

/** A pair that OpenSSL takes for a listener, for instance no key that is too short. */
function servable(files: PairFiles, pair: Pair): Pair {
  try {
    createSecureContext({ ...pair, minVersion: 'TLSv1.2' });
    return pair;
  } catch (error) {
    throw certificateError(files.cert, error instanceof Error ? error.message : 'OpenSSL refuses it');
  }
}

/** A CA that is named without its key signs nothing here, but clients must trust it. */
async function namedRoots(options: AuthorityOptions): Promise<string[]> {
  const { ca_cert_file: cert, ca_key_file: key } = options.ssl;
  const file = cert ?? defaultFiles(options, 'ca').cert;
  if (key !== undefined) return [];
  const text = await readPem(file);
  if (text === undefined && cert !== undefined) throw certificateError(file, 'the file does not exist');
  return text === undefined ? [] : readCertificates(file, text);
}

function isOurs(pair: Pair, ca: Pair): boolean {
  return new X509Certificate(firstPem(pair.cert)).verify(new X509Certificate(firstPem(ca.cert)).publicKey);
}

function defaultFiles(options: AuthorityOptions, name: 'ca' | 'server'): PairFiles {
  const folder = options.defaultDir ?? '/etc/fairlead/tls';
  return { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
}

function ownFiles(options: AuthorityOptions, name: 'ca' | 'server'): PairFiles {
  return { cert: join(options.stateDir, 'tls', `${name}.crt`), key: join(options.stateDir, 'tls', `${name}.key`) };
}
