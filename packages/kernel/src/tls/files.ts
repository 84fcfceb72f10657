import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FairleadError } from '../errors/index.ts';
import { certificatesOf, firstPem, type Pair } from './issue.ts';

export interface PairFiles {
  readonly cert: string;
  readonly key: string;
}

/** A pair as it stands on the disk; `undefined` when neither file is there. Throws `FAIRLEAD_CERTIFICATE` when one is missing or they do not belong together. */
export async function readPair(files: PairFiles): Promise<Pair | undefined> {
  const [cert, key] = [await readPem(files.cert), await readPem(files.key)];
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined) throw certificateError(files.cert, 'the file does not exist');
  if (key === undefined) throw certificateError(files.key, 'the file does not exist');
  readCertificates(files.cert, cert);
  if (!belongTogether(cert, key)) throw certificateError(files.cert, `${files.key} is not its key`);
  return { cert, key };
}

/** The text of a file; `undefined` when it is not there. */
export async function readPem(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw certificateError(file, error instanceof Error && 'code' in error ? String(error.code) : 'unreadable');
  }
}

/** The certificates in the text of a file, at least one and each of them readable: what is no certificate must not be handed to others as one. */
export function readCertificates(file: string, text: string): string[] {
  const found = certificatesOf(text);
  if (found.length === 0) throw certificateError(file, 'no PEM certificate in it');
  for (const one of found) if (!isCertificate(one)) throw certificateError(file, 'a PEM certificate in it cannot be read');
  return found;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

/** Keeps a pair, the key first and with mode 0600; each file appears whole or not at all. */
export async function writePair(files: PairFiles, pair: Pair): Promise<void> {
  await writeWhole(files.key, pair.key, 0o600);
  await writeWhole(files.cert, pair.cert, 0o644);
}

export function certificateError(file: string, reason: string): Error {
  return FairleadError('FAIRLEAD_CERTIFICATE', { file, reason });
}

function belongTogether(cert: string, key: string): boolean {
  try {
    return new X509Certificate(firstPem(cert)).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

async function writeWhole(file: string, text: string, mode: number): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o750 });
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    const handle = await open(draft, 'wx', mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}
