import { createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';

/** A certificate (with its chain where it is one for a server) and its key, both PEM. */
export interface Pair {
  readonly key: string;
  readonly cert: string;
}

export interface Issuer {
  readonly cert: x509.X509Certificate;
  readonly key: webcrypto.CryptoKey;
}

export interface LeafOptions {
  readonly commonName: string;
  /** DNS names and addresses. */
  readonly names: readonly string[];
  readonly use: 'server' | 'client';
  readonly now: number;
}

const dayMs = 86_400_000;
const caDays = 3650;
/** Browsers and tools refuse server certificates that are good for longer. */
const leafDays = 397;
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const serverAuth = '1.3.6.1.5.5.7.3.1';
const clientAuth = '1.3.6.1.5.5.7.3.2';

/** A new authority: EC P-256, ten years, signs leaves only. */
export async function makeAuthority(commonName: string, now: number): Promise<Pair> {
  const keys = await newKeys();
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: subject(commonName),
    keys,
    ...validity(now, caDays),
    signingAlgorithm: ecdsa,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { key: await keyPem(keys.privateKey), cert: pem(cert) };
}

/** A leaf signed by the issuer, not valid beyond it. */
export async function makeLeaf(issuer: Issuer, options: LeafOptions): Promise<Pair> {
  const keys = await newKeys();
  const { notBefore, notAfter } = validity(options.now, leafDays);
  const cert = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: subject(options.commonName),
    issuer: issuer.cert.subjectName,
    notBefore,
    notAfter: new Date(Math.min(notAfter.getTime(), issuer.cert.notAfter.getTime())),
    publicKey: keys.publicKey,
    signingKey: issuer.key,
    signingAlgorithm: signingAlgorithm(issuer.key),
    extensions: await leafExtensions(issuer, keys.publicKey, options),
  });
  return { key: await keyPem(keys.privateKey), cert: `${pem(cert)}${pem(issuer.cert)}` };
}

/** Reads an authority that may be ours (EC) or an older program's (RSA). Throws when key and certificate do not belong together. */
export async function readIssuer(pair: Pair): Promise<Issuer> {
  const cert = new x509.X509Certificate(firstPem(pair.cert));
  const key = createPrivateKey(pair.key);
  const algorithm =
    key.asymmetricKeyType === 'rsa'
      ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
      : { name: 'ECDSA', namedCurve: curves[key.asymmetricKeyDetails?.namedCurve ?? ''] ?? 'P-256' };
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  return { cert, key: await webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']) };
}

const curves: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

/** The first certificate of a chain. */
export function firstPem(chain: string): string {
  return certificatesOf(chain)[0] ?? chain;
}

export function certificatesOf(chain: string): string[] {
  return chain.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)?.map((one) => `${one}\n`) ?? [];
}

async function leafExtensions(issuer: Issuer, key: webcrypto.CryptoKey, options: LeafOptions): Promise<x509.Extension[]> {
  const names = options.names.map((name) => ({ type: isIP(name) === 0 ? ('dns' as const) : ('ip' as const), value: name }));
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([options.use === 'server' ? serverAuth : clientAuth]),
    await x509.SubjectKeyIdentifierExtension.create(key),
    await x509.AuthorityKeyIdentifierExtension.create(issuer.cert),
    ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
  ];
}

function signingAlgorithm(key: webcrypto.CryptoKey): { readonly name: string; readonly hash: string } {
  return { name: key.algorithm.name, hash: 'SHA-256' };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ecdsa, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
}

/** A positive serial of 20 octets at most (RFC 5280 4.1.2.2). */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0);
  return bytes.toString('hex');
}

function subject(commonName: string): x509.JsonName {
  return [{ O: ['Fairlead'] }, { CN: [commonName.slice(0, 64)] }];
}

/** An hour back, for clocks that are behind. */
function validity(now: number, days: number): { readonly notBefore: Date; readonly notAfter: Date } {
  return { notBefore: new Date(now - 3_600_000), notAfter: new Date(now + days * dayMs) };
}

function pem(cert: x509.X509Certificate): string {
  return `${cert.toString('pem')}\n`;
}

async function keyPem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ type: 'pkcs8', format: 'pem' }).toString();
}
