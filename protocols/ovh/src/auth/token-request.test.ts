import { expect, test } from 'vitest';
import { buildTokenRequest } from './token-request.ts';

const URL = 'https://www.ovh.com/auth/oauth2/token';

test('P29: the token is asked for by Basic, with the scope that is mandatory', () => {
  const request = buildTokenRequest(URL, { clientId: 'oauth2_id', clientSecret: 'oauth2_secret' }, 'basic');
  expect(request).toMatchObject({ method: 'POST', url: URL });
  expect(request.headers).toEqual({
    Accept: 'application/json',
    Authorization: 'Basic b2F1dGgyX2lkOm9hdXRoMl9zZWNyZXQ=',
    'Content-Length': '39',
    'Content-Type': 'application/x-www-form-urlencoded',
  });
  expect(request.body?.toString()).toBe('grant_type=client_credentials&scope=all');
});

test('X30: identifier and secret are form-encoded in both ways', () => {
  const account = { clientId: 'id:1', clientSecret: 's+crét' };
  expect(buildTokenRequest(URL, account, 'basic').headers.Authorization).toBe('Basic aWQlM0ExOnMlMkJjciVDMyVBOXQ=');
  const inBody = buildTokenRequest(URL, account, 'body');
  expect(inBody.headers.Authorization).toBeUndefined();
  expect(inBody.body?.toString()).toBe('grant_type=client_credentials&scope=all&client_id=id%3A1&client_secret=s%2Bcr%C3%A9t');
});
