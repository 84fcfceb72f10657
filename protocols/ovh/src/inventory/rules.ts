import { type AccessRule, grantingRule } from '../auth/rules.ts';

/** The access rules that a full inventory needs, as `GET /vps/*` (spec 10.3). */
export const INVENTORY_RULES: readonly string[] = [
  'GET /me',
  'GET /dedicated/server',
  'GET /dedicated/server/*',
  'GET /vps',
  'GET /vps/*',
  'GET /cloud/project',
  'GET /cloud/project/*',
  'GET /domain',
  'GET /domain/*',
  'GET /ip',
  'GET /ip/*',
  'GET /v2/iam/resource',
];

const PARSED: readonly AccessRule[] = INVENTORY_RULES.map((text) => {
  const [method = '', path = ''] = text.split(' ');
  return { method, path };
});

/** The rule that a key needs for a route: one of those above, else one for this route alone. */
export function ruleFor(route: string): string {
  const path = route.replace(/\{[^{}/]*\}/g, '*');
  const known = grantingRule(PARSED, 'GET', path);
  return `GET ${known?.path ?? path}`;
}
