import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { FakeTls } from '../options.ts';
import { bits, integer, octets, oid, sequence, TRUE, tagged, utcTime, utf8 } from './der.ts';

/** What a data center shows to who connects; only `good` may be talked to. */
export type CertificateKind = 'good' | 'expired' | 'selfSigned' | 'wrongHost';

interface Holder {
  readonly name: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

interface Wish {
  readonly subject: Holder;
  readonly issuer: Holder;
  readonly from: number;
  readonly until: number;
  readonly extensions: Buffer;
}

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;
const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const COMMON_NAME = oid('2.5.4.3');
const CA_ONLY = sequence(sequence(oid('2.5.29.19'), TRUE, octets(sequence(TRUE))));

/** A throwaway root of trust. Times are real ones: clients check certificates by the machine's clock. */
export class OwnAuthority {
  readonly #root = holder('Fake Acronis Root');
  /** PEM: what clients trust. */
  readonly ca: string;

  constructor() {
    const until = Date.now() + 10 * YEAR_MS;
    this.ca = certificate({ subject: this.#root, issuer: this.#root, from: Date.now() - YEAR_MS, until, extensions: CA_ONLY });
  }

  /** A new certificate and its key for 127.0.0.1 and localhost. */
  issue(kind: CertificateKind): FakeTls {
    const subject = holder('fake-acronis');
    const [from, until] = kind === 'expired' ? [-48 * HOUR_MS, -24 * HOUR_MS] : [-HOUR_MS, YEAR_MS];
    const now = Date.now();
    const cert = certificate({
      subject,
      issuer: kind === 'selfSigned' ? subject : this.#root,
      from: now + from,
      until: now + until,
      extensions: kind === 'wrongHost' ? names(dns('acronis.example')) : names(dns('localhost'), tagged(0x87, Buffer.of(127, 0, 0, 1))),
    });
    return { cert, key: subject.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };
  }
}

function holder(name: string): Holder {
  return { name, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) };
}

/** RFC 5280 4.1. */
function certificate({ subject, issuer, from, until, extensions }: Wish): string {
  const tbs = sequence(
    tagged(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(8)])),
    ECDSA_SHA256,
    nameOf(issuer),
    sequence(utcTime(from), utcTime(until)),
    nameOf(subject),
    subject.publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, extensions),
  );
  const der = sequence(tbs, ECDSA_SHA256, bits(sign('sha256', tbs, issuer.privateKey)));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function nameOf({ name }: Holder): Buffer {
  return sequence(tagged(0x31, sequence(COMMON_NAME, utf8(name))));
}

function names(...alternatives: readonly Buffer[]): Buffer {
  return sequence(sequence(oid('2.5.29.17'), octets(sequence(...alternatives))));
}

function dns(name: string): Buffer {
  return tagged(0x82, Buffer.from(name, 'latin1'));
}
