import { inspect } from 'node:util';
import { fuzz, hostileText, mutatedText, refusedWith } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isOvhError } from '../errors/errors.ts';
import { parseIni } from './ini.ts';
import { resolveConfiguration } from './resolve.ts';

const SAMPLES = [
  '[default]\nendpoint=ovh-eu\nprofile = p\n\n[ovh-eu]\napplication_key=AK\napplication_secret : AS ; c\nconsumer_key="CK"\n',
  "\uFEFF[DEFAULT]\r\nclient_id=I\r\n[profile:p]\r\nclient_secret='S'\r\nheader.X-A = a\r\n  b\r\n",
  '[ovh-eu]\napplication_key=AK\napplication_secret=AS\nconsumer_key=CK\n[ovh-ca]\nclient_id=I\nclient_secret=S\n',
  '[https://gate.example:8443/1.0]\n  access_token = T # c\n',
];

test('X25: whatever a file holds, it is read or refused with file and line', async () => {
  await fuzz(
    'ovh.ini',
    fc.oneof(mutatedText(SAMPLES), hostileText()),
    (text) => {
      const ini = refusedWith(/^OVH_CONFIGURATION$/, () => parseIni(text, '/etc/ovh.conf'));
      if (!ini) return false;
      const lines = text.split(/\r\n|\n|\r/).length;
      const entries = ini.sections.flatMap((section) => [...section.entries].map(([key, entry]) => ({ section, key, entry })));
      const wrong = entries.filter(
        ({ section, key, entry }) =>
          section.name === '' || key !== entry.key.toLowerCase() || !(entry.line > 1 && entry.line <= lines) || /[\r\n]/.test(entry.value),
      );
      expect(wrong).toEqual([]);
      return true;
    },
    { share: 3, someAccepted: true },
  );
});

test('X23 X25: whatever file and environment hold, the configuration is made or refused, and its authentication shows no secret', async () => {
  const hush = 'hush-51d8';
  const texts = mutatedText(SAMPLES.map((sample) => sample.replaceAll(/\b(AS|CK|S|T)\b/g, hush)));
  const variables = fc.record(
    {
      OVH_ENDPOINT: fc.oneof(fc.constantFrom('eu', 'sys-ca', 'https://x.example/1.0'), hostileText()),
      OVH_CONSUMER_KEY: fc.constant(hush),
      OVH_PROFILE: hostileText(),
    },
    { requiredKeys: [] },
  );
  await fuzz(
    'ovh.configuration',
    fc.tuple(texts, variables),
    ([text, env]) => {
      try {
        const settings = resolveConfiguration({}, { env, files: [{ kind: 'local', path: './ovh.conf', text }] });
        expect(inspect(settings.auth, { depth: null })).not.toContain(hush);
        return true;
      } catch (error) {
        if (!isOvhError(error)) throw error;
        return false;
      }
    },
    { share: 3, someAccepted: true },
  );
});
