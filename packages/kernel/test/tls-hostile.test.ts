import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@fairlead/kernel/clock';
import { loadAuthority } from '@fairlead/kernel/tls';
import { captureLog } from '@fairlead/testkit/capture';
import { fuzz, mutatedText } from '@fairlead/testkit/fuzz';
import { tempDir } from '@fairlead/testkit/temp';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

test('any certificate, key or authority in a configured file is refused with its name, or can be shown', { timeout: 60_000 }, async () => {
  await using folder = await tempDir();
  const { log } = captureLog({ level: 'silent' });
  const options = { clock: systemClock, log, names: ['localhost'], defaultDir: join(folder.path, 'none') };
  const first = join(folder.path, 'first');
  await mkdir(first);
  await loadAuthority({ ...options, ssl: {}, stateDir: first });
  const pem = async (name: string) => await readFile(join(first, 'tls', name), 'utf8');
  const files = { ca: await pem('ca.crt'), caKey: await pem('ca.key'), cert: await pem('server.crt'), key: await pem('server.key') };
  const words = [
    '-----BEGIN CERTIFICATE-----\n',
    '-----END CERTIFICATE-----\n',
    '-----BEGIN PRIVATE KEY-----\n',
    files.ca,
    files.cert,
    '=',
  ];
  const input = fc.record({
    ca: fc.oneof(fc.constant(files.ca), mutatedText([files.ca], words)),
    cert: fc.oneof(fc.constant(files.cert), mutatedText([files.cert, files.cert + files.ca], words)),
    key: fc.oneof({ weight: 3, arbitrary: fc.constant(files.key) }, { weight: 1, arbitrary: mutatedText([files.key], words) }),
  });
  const at = (name: string) => join(folder.path, name);
  const ssl = { ca_cert_file: at('ca.crt'), cert_file: at('server.crt'), key_file: at('server.key') };
  await fuzz(
    'kernel.certificates',
    input,
    async ({ ca, cert, key }) => {
      await Promise.all([writeFile(at('ca.crt'), ca), writeFile(at('server.crt'), cert), writeFile(at('server.key'), key)]);
      try {
        const authority = await loadAuthority({ ...options, ssl, stateDir: first });
        authority.dataServer();
        for (const one of authority.bundlePem.match(BLOCK) ?? []) expect(new X509Certificate(one).subject).toContain('CN=');
        return true;
      } catch (error) {
        expect(error).toMatchObject({ code: 'FAIRLEAD_CERTIFICATE' });
        return false;
      }
    },
    { share: 0.3, someAccepted: true },
  );
});
