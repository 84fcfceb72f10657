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
