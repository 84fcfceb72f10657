import { endpointCti } from '../../../codec/index.ts';
import type { BadToken } from '../../signing/request-signer.ts';
import type { CallOverrides } from '../driver-options.ts';
import { linkedTenant, type Scene } from './scene.ts';

const OTHER_APP = 'other_vendor.other_app';

const BAD: readonly (readonly [string, BadToken])[] = [
  ['over', 'expired'],
  ['of tomorrow', 'not-yet'],
  ['with another signature', 'corrupted'],
  ['of a key that nobody publishes', 'unknown-key'],
  ['signed by another key', 'unpublished-key'],
  ['of another issuer', 'other-issuer'],
  ['for another audience', 'other-audience'],
  ['that names no key', 'no-kid'],
  ['that never ends', 'no-exp'],
  ['signed with the public key as a secret', 'hs256'],
  ['that is not signed', 'none'],
];

/** What is no request token of Acronis for this app; what of it Acronis itself tries comes first. */
export async function tokenAttempts({ stage }: Pick<Scene, 'stage'>): Promise<readonly (readonly [check: string, over: CallOverrides])[]> {
  const good = (await stage.signer?.token(endpointCti(stage.appCode))) ?? '';
  const shown = (authorization: string | undefined): CallOverrides => ({ headers: { authorization } });
  return [
    ['a request without token is refused', shown(undefined)],
    ['a corrupted token is refused', { token: { bad: 'corrupted' } }],
    ['a token of another app is refused', { token: { endpointId: endpointCti(OTHER_APP) } }],
    ['another scheme is refused', shown(`Basic ${good}`)],
    ['an empty token is refused', shown('Bearer ')],
    ['a token with other claims is refused', shown(`Bearer ${altered(good)}`)],
    ['a token that names no endpoint is refused', { token: { claims: { scope: undefined } } }],
    ...BAD.map(([what, bad]) => [`a token ${what} is refused`, { token: { bad } }] as const),
  ];
}

/** None of them reads, none of them writes. */
export async function badTokens(scene: Scene): Promise<void> {
  const { stage, checks, p1 } = scene;
  const { organizationId, tenantId } = stage.partner;
  if (stage.signer === undefined) return checks.skip('bad tokens are refused', 'the stage has no signer');
  const other = endpointCti(OTHER_APP);
  const both = await p1.enablementRead({ endpointId: other, token: { endpointId: other } });
  checks.refused('another app with its own good token is refused', both, 401, 403);
  for (const [check, over] of await tokenAttempts(scene)) {
    // 403: a source that has shown too many of them may be banned.
    checks.refused(check, await p1.enablementWrite(organizationId, tenantId, over), 401, 403);
  }
  checks.same('none of them had an effect', await linkedTenant(p1), undefined);
  const roles = { scope: [{ role: other }, { role: endpointCti(stage.appCode) }] };
  checks.accepted('a token for several endpoints is good', await p1.enablementRead({ token: { claims: roles } }));
}

/** The token with one claim changed, under the old signature. */
function altered(token: string): string {
  const [head = '', payload = '', signature = ''] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as object;
  return `${head}.${Buffer.from(JSON.stringify({ ...claims, sub: 'somebody' })).toString('base64url')}.${signature}`;
}
