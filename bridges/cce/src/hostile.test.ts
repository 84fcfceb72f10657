import { isIP } from 'node:net';
import { loadConfig, parseListenAddress } from '@fairlead/kernel/config';
import { fuzz, hostileText, mutatedText, refusedWith } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sections } from './config.ts';

const SAMPLE = `[cce]\nunix_socket_path = /usr/sausalito/cced.socket\nsocket_read_timeout = 300\nlisten_address = 127.0.0.1:9092, [::]:9092
enable_http = yes\nhttp_listen_address = 127.0.0.1:9093\nlogging = 1\ntrusted_proxies = 10.0.0.0/8, ::1
api_access = 191.89.131.84/32, 2001:db8::/32\ntoken_lifetime = 300\napi_ban_time = 60\ndisk_units = used=MiB, quota=B\nsession_max = 0\n`;
const WORDS = [
  'listen_address = ',
  'api_access = ',
  'disk_units = ',
  '[::1]',
  ':0',
  ':65536',
  ',',
  '=',
  '/33',
  '0.0.0.0',
  'used=',
  '%eth0',
  ' # ',
];

test('any configuration of CCE is refused with its mistakes, or read within its limits', async () => {
  await fuzz(
    'cce.config',
    fc.oneof(
      mutatedText([SAMPLE], WORDS),
      hostileText({ words: WORDS }).map((text) => `[cce]\n${text}`),
    ),
    (text) => {
      const config = refusedWith(/^FAIRLEAD_CONFIG$/, () => loadConfig({ text, env: {}, sections }));
      if (config === undefined) return false;
      const cce = config.value(sections[0]);
      expect(cce.listen_address.length).toBeGreaterThan(0);
      for (const one of cce.listen_address) {
        const { host = '', port = -1 } = parseListenAddress(one) ?? {};
        expect([isIP(host) > 0 || /^\w[\w.-]*$/.test(host) || /^[0-9A-Fa-f:.]+$/.test(host), port >= 0 && port <= 65_535]).toEqual([
          true,
          true,
        ]);
      }
      expect(cce.http_listen_address ?? '127.0.0.1:1').toMatch(/^(127\.\d+\.\d+\.\d+|\[::1\]|::1):\d+$/);
      expect(cce.api_ban_time).toBeGreaterThanOrEqual(1000);
      for (const unit of Object.values(cce.disk_units)) expect([1, 1024, 1_048_576]).toContain(unit);
      return true;
    },
    { share: 2, someAccepted: true },
  );
});
