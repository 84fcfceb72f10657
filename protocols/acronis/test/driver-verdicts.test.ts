import { expect, test } from 'vitest';
import { formatReport, type Report, type ScenarioName, type StoryHooks, scenarios } from '../src/fake/index.ts';
import { smallWorld } from './support/small-stage.ts';

function failed({ checks }: Report): readonly string[] {
  return checks.filter(({ outcome }) => outcome === 'failed').map(({ check }) => check);
}

test('cyberapp 9.173: against a handler that ignores the request token, exactly those checks fail', async () => {
  await using world = await smallWorld({ checkToken: false });
  const report = await scenarios.acceptance(world.stage);
  expect(failed(report)).toEqual([
    'a request without token is refused',
    'a corrupted token is refused',
    'a token of another app is refused',
  ]);
  expect(formatReport(report)).toContain('acceptance: FAILED (27 good, 3 failed, 0 skipped)\n');
  expect(formatReport(report)).toMatch(/\n {2}FAILED {3}a corrupted token is refused +200 \{"vendor_tenant_id"/);
  const tokens = await scenarios['bad-tokens'](world.stage);
  const good = tokens.checks.filter(({ outcome }) => outcome === 'good').map(({ check }) => check);
  expect(good).toEqual(['a token for several endpoints is good']);
});

test('cyberapp 9.174: an answer with another member, another type or a tenant of null is refused', async () => {
  const spoils: readonly (readonly [string, (body: Record<string, unknown>) => unknown])[] = [
    ['the member more is not allowed', (body) => ({ ...body, more: 1 })],
    ['the type is not cti', (body) => ({ ...body, type: 'cti.a.p.acgw.response.v1.0~a.p.success_no_content.v1.0' })],
    ['acronis_tenant_id of the payload', (body) => ({ ...body, payload: { vendor_tenant_id: 'x', acronis_tenant_id: null } })],
    ['request_id is not that of the request', (body) => ({ ...body, request_id: 'x' })],
    ['the payload is missing', ({ payload: _payload, ...rest }) => rest],
    ['the body is no JSON object', () => []],
  ];
  for (const [problem, spoil] of spoils) {
    await using world = await smallWorld({ spoil: (callback, body) => (callback.name === 'enablement.read' ? spoil(body) : body) });
    const report = await scenarios.enable(world.stage);
    expect(report.ok).toBe(false);
    const seen = report.checks.find(({ check }) => check === 'before, the organization is named');
    expect(seen?.outcome).toBe('failed');
    expect(seen?.seen).toContain(problem);
  }
});

/** What a correct handler would no longer be if it forgot one rule; the scenario that finds out. */
test.each<[ScenarioName, string]>([
  ['enable-other-tenant', 'a link to another tenant is refused'],
  ['two-partners', "another partner's tenant cannot be taken"],
  ['change-credentials', 'an account of another organization may not'],
])('%s finds a handler that links whatever it is told', async (name, check) => {
  await using world = await smallWorld();
  const { directory } = world.handler;
  directory.enable = ({ user, datacenter }, { acronis_tenant_id: tenant }) => {
    const others = directory.links.filter(({ organization }) => organization !== user.organization);
    directory.links = [...others, { organization: user.organization, tenant, datacenter, by: user.organization }];
  };
  expect(failed(await scenarios[name](world.stage))).toContain(check);
});

test('retry-storm finds a handler that does a write twice', async () => {
  await using world = await smallWorld({ weak: 'replays' });
  const found = failed(await scenarios['retry-storm'](world.stage));
  expect(found).toContain('and all answers are equal');
  expect(found).toContain('a later repeat gets the same');
});

test('brute-force finds a handler that lets everybody guess on', async () => {
  await using world = await smallWorld({ weak: 'locks' });
  const found = failed(await scenarios['brute-force'](world.stage));
  expect(found).toEqual(['wrong passwords are refused', 'in the end the account is locked', 'then the right password is refused too']);
});

test('two-partners finds a handler that lets anybody edit the users of a tenant', async () => {
  await using world = await smallWorld();
  const { directory } = world.handler;
  directory.acting = ({ tenant }) => directory.links.find((link) => link.tenant === tenant)?.organization;
  const found = failed(await scenarios['two-partners'](world.stage));
  expect(found).toContain('no user is changed there');
  expect(found).toContain('everything of the victim is as it was');
});

test('a handler that is not there fails every check, and nothing hangs or throws', async () => {
  await using world = await smallWorld();
  const report = await scenarios.enable({ ...world.stage, url: 'http://127.0.0.1:9/callback' });
  expect(report.ok).toBe(false);
  expect(report.checks.map(({ seen }) => seen)).toContain('unreachable');
});

test('what a stage lacks is skipped and says so', async () => {
  await using world = await smallWorld();
  const { advance: _advance, mirrored: _mirrored, datacenterAlias: _alias, ...stage } = world.stage;
  for (const name of ['brute-force', 'mirrored', 'two-data-centers', 'full-story'] as const) {
    const report = await scenarios[name](stage);
    expect([name, report.ok, report.checks.filter(({ outcome }) => outcome === 'skipped').length]).toEqual([name, true, 1]);
  }
});

/** A connector in a dozen lines: what it would have pushed, counted. */
function connector(world: Awaited<ReturnType<typeof smallWorld>>, forgetful: boolean): StoryHooks {
  let [broken, workloads, openAlerts, writes] = [false, 0, 0, 0];
  const run = async (): Promise<void> => {
    const linked = world.handler.directory.links.length > 0;
    const wanted = { workloads: linked ? 3 : 0, openAlerts: linked && broken ? 1 : 0 };
    if (wanted.workloads !== workloads || wanted.openAlerts !== openAlerts) writes += 1;
    workloads = forgetful ? Math.max(workloads, wanted.workloads) : wanted.workloads;
    openAlerts = wanted.openAlerts;
  };
  const turn = (to: boolean) => async () => {
    broken = to;
  };
  return { run, breakOne: turn(true), repair: turn(false), held: () => ({ workloads, openAlerts, writes }) };
}

test('full-story goes from enablement to an empty cloud', async () => {
  await using world = await smallWorld();
  const report = await scenarios['full-story']({ ...world.stage, story: connector(world, false) });
  expect(formatReport(report)).toContain('full-story: good (23 good, 0 failed, 0 skipped)');
});

test('full-story finds a connector that leaves something behind', async () => {
  await using world = await smallWorld();
  const report = await scenarios['full-story']({ ...world.stage, story: connector(world, true) });
  expect(failed(report)).toEqual(['nothing is left at Acronis']);
});
