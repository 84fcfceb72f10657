import { expect, test } from 'vitest';
import { InvalidCallError } from '../errors/errors.ts';
import { AccessRules, createTokenLink, credentialRequest, grantingRule, READ_ONLY, READ_WRITE, READ_WRITE_SAFE } from './rules.ts';

const lines = (rules: AccessRules) => rules.list().map((rule) => `${rule.method} ${rule.path}`);

test('P47: a rule has its method in upper case', () => {
  expect(new AccessRules().allow('get', '/me').list()).toEqual([{ method: 'GET', path: '/me' }]);
});

test('P48 P49 G47: the sets of methods', () => {
  expect(lines(new AccessRules().allow(READ_ONLY, '/sms'))).toEqual(['GET /sms']);
  expect(lines(new AccessRules().allow(READ_WRITE_SAFE, '/sms'))).toEqual(['GET /sms', 'POST /sms', 'PUT /sms']);
  expect(lines(new AccessRules().allow(READ_WRITE, '/sms'))).toEqual(['GET /sms', 'POST /sms', 'PUT /sms', 'DELETE /sms']);
});

const EIGHT = [...READ_WRITE.map((method) => `${method} /sms`), ...READ_WRITE.map((method) => `${method} /sms/*`)];

for (const path of ['/sms', '/sms/', '/sms/*', '/sms/* ']) {
  test(`P50 G47: recursive on ${JSON.stringify(path)} gives the root's four rules, then those below`, () => {
    expect(lines(new AccessRules().allowRecursive(READ_WRITE, path))).toEqual(EIGHT);
  });
}

for (const path of ['/', '/*', '', ' /']) {
  test(`P51: recursive on ${JSON.stringify(path)} gives only /*`, () => {
    expect(lines(new AccessRules().allowRecursive('GET', path))).toEqual(['GET /*']);
  });
}

test('P51: an inner star stays', () => {
  expect(lines(new AccessRules().allowRecursive('GET', '/a/*/b'))).toEqual(['GET /a/*/b', 'GET /a/*/b/*']);
});

test('the presets, and the route of a schema', () => {
  expect(lines(new AccessRules().readOnly())).toEqual(['GET /*']);
  expect(lines(new AccessRules().readWrite('/sms'))).toEqual(EIGHT);
  expect(lines(new AccessRules().readWriteSafe())).toEqual(['GET /*', 'POST /*', 'PUT /*']);
  expect(lines(new AccessRules().allowRoute('GET', '/dedicated/server/{serviceName}/task/{taskId}'))).toEqual([
    'GET /dedicated/server/*/task/*',
  ]);
});

test('a rule stands once', () => {
  expect(lines(new AccessRules().allow('GET', '/me').allow(['get', 'PUT'], 'me').allow('GET', ' /me '))).toEqual(['GET /me', 'PUT /me']);
});

for (const path of ['\t/me', '/me\n', '/a b', '/me\u007f', '/me\u0000']) {
  test(`X40: the path ${JSON.stringify(path)} is refused, since it would grant nothing`, () => {
    expect(() => new AccessRules().allow('GET', path)).toThrow(InvalidCallError);
  });
}

test('X40: a method that the API does not know is refused', () => {
  expect(() => new AccessRules().allow('PATCH', '/me')).toThrow(InvalidCallError);
  expect(() => new AccessRules().allow(['GET', ''], '/me')).toThrow(InvalidCallError);
});

test('P52 G49: the request has what is given and no null', () => {
  expect(credentialRequest(new AccessRules().readOnly())).toEqual({ accessRules: [{ method: 'GET', path: '/*' }] });
  expect(
    credentialRequest([{ method: 'get', path: '/me' }], {
      redirection: 'https://example.com/',
      allowedIPs: ['192.0.2.0/24', '2001:db8::/64', '192.0.2.1', '::1'],
    }),
  ).toEqual({
    accessRules: [{ method: 'GET', path: '/me' }],
    redirection: 'https://example.com/',
    allowedIPs: ['192.0.2.0/24', '2001:db8::/64', '192.0.2.1', '::1'],
  });
});

test('the request needs a rule, and blocks that are blocks', () => {
  expect(() => credentialRequest(new AccessRules())).toThrow(InvalidCallError);
  for (const address of ['192.0.2.0/33', '2001:db8::/129', 'example.com', '192.0.2.0/', '/24', '', '1.2.3.4/8/8']) {
    expect(() => credentialRequest([{ method: 'GET', path: '/me' }], { allowedIPs: [address] }), address).toThrow(InvalidCallError);
  }
});

for (const [pattern, path, granted] of [
  ['/me', '/me', true],
  ['/me', '/me/', false],
  ['/me', '/1.0/me?x=1', true],
  ['/me', '/v1/me', true],
  ['/sms/*', '/sms', false],
  ['/sms/*', '/sms/a/b', true],
  ['/sms/*/jobs', '/sms/a/b/jobs', true],
  ['/sms/*/jobs', '/sms/jobs', false],
  ['/*', '/', true],
  ['/v2/iam/*', '/v2/iam/resource', true],
  ['/iam/*', '/v2/iam/resource', true],
  ['/a*b*b', '/ab', false],
  ['/a*b*b', '/abxb', true],
  ['/a*a', '/a', false],
  ['/v10/*', '/v10/x', true],
] as const) {
  test(`X35: ${pattern} ${granted ? 'grants' : 'does not grant'} ${path}`, () => {
    const rules = [{ method: 'GET', path: pattern }];
    expect(grantingRule(rules, 'get', path)).toBe(granted ? rules[0] : undefined);
    expect(grantingRule(rules, 'PUT', path)).toBeUndefined();
  });
}

test('the link to the page where a key is made', () => {
  const rules = [...new AccessRules().allow('GET', '/me').allow('POST', '/sms/*').allow('PUT', '/a&b').list()];
  expect(createTokenLink('https://auth.eu.ovhcloud.com/api/createToken', rules)).toBe(
    'https://auth.eu.ovhcloud.com/api/createToken?GET=/me&POST=/sms/*&PUT=/a%26b',
  );
});
