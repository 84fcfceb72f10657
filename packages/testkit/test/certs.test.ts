import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { testAuthority } from '../src/certs/index.ts';

test('a throwaway authority signs a leaf for this machine and goes with its folder', async () => {
  let folder = '';
  {
    await using made = await testAuthority({ names: ['gateway.test'] });
    folder = made.stateDir;
    const leaf = new X509Certificate(made.cert);

    expect(leaf.verify(new X509Certificate(made.ca).publicKey)).toBe(true);
    expect([leaf.checkHost('localhost'), leaf.checkIP('127.0.0.1'), leaf.checkIP('::1'), leaf.checkHost('gateway.test')]).not.toContain(
      undefined,
    );
    expect(existsSync(folder)).toBe(true);
  }
  expect(existsSync(folder)).toBe(false);
});
