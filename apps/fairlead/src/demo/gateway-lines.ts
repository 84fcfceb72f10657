import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

/** The beginning of every configuration of the demo: a gateway on a free port of loopback, with a secret of its own, all below one folder. */
export function gatewayLines(stateDir: string): readonly string[] {
  return [
    '[server]',
    'host = 127.0.0.1',
    'port = 0',
    'public_ip = 127.0.0.1',
    `state_dir = ${stateDir}`,
    `run_dir = ${join(stateDir, 'run')}`,
    '[security]',
    `hmac_secret = ${randomBytes(48).toString('base64url')}`,
  ];
}
