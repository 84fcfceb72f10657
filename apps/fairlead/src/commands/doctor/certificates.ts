import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@fairlead/kernel/clock';
import { type LoadedConfig, ServerSection, SslSection } from '@fairlead/kernel/config';
import { EXIT } from '../../exit-codes.ts';
import { type Finding, failed, ok, reasonOf, warning } from './finding.ts';

const DAY_MS = 86_400_000;
const SOON_DAYS = 30;

interface Pair {
  readonly what: string;
  readonly cert: string;
  readonly key: string | undefined;
  /** Named in the configuration: must be there. */
  readonly isNamed: boolean;
}

/** The certificates that a start would find: they can be read, belong to their keys and do not end soon. Those that are missing are made by the start. */
export async function examineCertificates(config: LoadedConfig): Promise<readonly Finding[]> {
  const { ssl, server } = config.values(SslSection, ServerSection);
  const pairs: Pair[] = [
    ...(ssl.cert_file === undefined
      ? []
      : [{ what: 'server certificate', cert: ssl.cert_file, key: ssl.key_file, isNamed: ssl.ca_key_file === undefined }]),
    ...(ssl.ca_cert_file === undefined
      ? []
      : [{ what: 'authority', cert: ssl.ca_cert_file, key: ssl.ca_key_file, isNamed: ssl.ca_key_file === undefined }]),
    ...['server', 'ca'].map((name) => ownPair(name, join(server.state_dir, 'tls'))),
  ];
  return Promise.all(pairs.map(examinePair));
}

function ownPair(name: string, folder: string): Pair {
  const what = name === 'ca' ? 'own authority' : 'own certificate';
  return { what, cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`), isNamed: false };
}

async function examinePair({ what, cert, key, isNamed }: Pair): Promise<Finding> {
  const help = 'Replace certificate and key together; docs/operate/tls.md says how they are chosen.';
  try {
    const certificate = new X509Certificate(await readFile(cert));
    if (key !== undefined && !certificate.checkPrivateKey(createPrivateKey(await readFile(key)))) {
      return failed(what, `${cert}: ${key} is not its key`, { help, exit: EXIT.configuration });
    }
    return judged(what, cert, certificate);
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === 'ENOENT' && !isNamed) return ok(what, `${cert} will be made at the start`);
    const exit = reason === 'EACCES' ? EXIT.notPermitted : EXIT.configuration;
    return failed(what, `${cert} cannot be used: ${reason}`, { help, exit });
  }
}

function judged(what: string, file: string, certificate: X509Certificate): Finding {
  const days = Math.floor((Date.parse(certificate.validTo) - systemClock.now()) / DAY_MS);
  const isEarly = Date.parse(certificate.validFrom) > systemClock.now();
  const help = 'Certificates of our own are renewed by a running gateway; bring others yourself (docs/operate/tls.md).';
  if (isEarly) return failed(what, `${file} is not valid yet`, { help: 'Is the clock of this machine right?' });
  if (days < 0) return failed(what, `${file} ended ${-days} days ago`, { help });
  return days < SOON_DAYS ? warning(what, `${file} ends in ${days} days`, help) : ok(what, `${file}, ${days} days left`);
}
