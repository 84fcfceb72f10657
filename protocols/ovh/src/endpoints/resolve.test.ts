import { expect, test } from 'vitest';
import { ConfigurationError, UnknownEndpointError } from '../errors/errors.ts';
import { endpoints } from './registry.ts';
import { resolveEndpoint } from './resolve.ts';

for (const [name, expected, baseUrl, tokenUrl] of [
  ['ovh-eu', 'ovh-eu', 'https://eu.api.ovh.com/1.0', 'https://www.ovh.com/auth/oauth2/token'],
  ['ovh-ca', 'ovh-ca', 'https://ca.api.ovh.com/1.0', 'https://ca.ovh.com/auth/oauth2/token'],
  ['ovh-us', 'ovh-us', 'https://api.us.ovhcloud.com/1.0', 'https://us.ovhcloud.com/auth/oauth2/token'],
  ['soyoustart-eu', 'soyoustart-eu', 'https://eu.api.soyoustart.com/1.0', undefined],
  ['soyoustart-ca', 'soyoustart-ca', 'https://ca.api.soyoustart.com/1.0', undefined],
  ['kimsufi-eu', 'kimsufi-eu', 'https://eu.api.kimsufi.com/1.0', undefined],
  ['kimsufi-ca', 'kimsufi-ca', 'https://ca.api.kimsufi.com/1.0', undefined],
  ['sys-eu', 'soyoustart-eu', 'https://eu.api.soyoustart.com/1.0', undefined],
  ['sys-ca', 'soyoustart-ca', 'https://ca.api.soyoustart.com/1.0', undefined],
  ['ks-eu', 'kimsufi-eu', 'https://eu.api.kimsufi.com/1.0', undefined],
  ['KS-CA', 'kimsufi-ca', 'https://ca.api.kimsufi.com/1.0', undefined],
  ['eu', 'ovh-eu', 'https://eu.api.ovh.com/1.0', 'https://www.ovh.com/auth/oauth2/token'],
  ['Ca', 'ovh-ca', 'https://ca.api.ovh.com/1.0', 'https://ca.ovh.com/auth/oauth2/token'],
  [' us ', 'ovh-us', 'https://api.us.ovhcloud.com/1.0', 'https://us.ovhcloud.com/auth/oauth2/token'],
] as const) {
  test(`P27 N08 N09 G01: ${JSON.stringify(name)} is ${expected}`, () => {
    expect(resolveEndpoint(name)).toMatchObject({ name: expected, baseUrl, tokenUrl });
  });
}

test('P46 N10: an unknown name is told with the list of those that are known', () => {
  const unknown = () => resolveEndpoint('eu-ovh');
  expect(unknown).toThrow(UnknownEndpointError);
  for (const { name } of endpoints) expect(unknown).toThrow(name);
  expect(unknown).toThrow('"eu-ovh"');
});

test('only OVHcloud has v2 and OAuth2', () => {
  for (const endpoint of endpoints) {
    const isOvhcloud = endpoint.name.startsWith('ovh-');
    expect([endpoint.v2, endpoint.oauth2, endpoint.tokenUrl !== undefined], endpoint.name).toEqual([isOvhcloud, isOvhcloud, isOvhcloud]);
  }
});

test('the other family of hosts serves Europe and Canada; the United States have one only', () => {
  const hostFamily = 'ovhcloud.com';
  expect(resolveEndpoint('eu', { hostFamily })).toMatchObject({
    name: 'ovh-eu',
    baseUrl: 'https://api.eu.ovhcloud.com/1.0',
    tokenUrl: 'https://auth.eu.ovhcloud.com/oauth2/token',
  });
  expect(resolveEndpoint('ca', { hostFamily })).toMatchObject({
    baseUrl: 'https://api.ca.ovhcloud.com/1.0',
    tokenUrl: 'https://auth.ca.ovhcloud.com/oauth2/token',
    altBaseUrls: ['https://ca.api.ovh.com/1.0'],
  });
  expect(resolveEndpoint('us', { hostFamily })).toEqual(resolveEndpoint('us'));
  expect(resolveEndpoint('sys-eu', { hostFamily })).toEqual(resolveEndpoint('sys-eu'));
});

test('G01: a URL of a known host is that endpoint, at its address', () => {
  expect(resolveEndpoint('HTTPS://EU.api.ovh.com:443/1.0')).toEqual(resolveEndpoint('ovh-eu'));
  expect(resolveEndpoint('https://api.ca.ovhcloud.com/v1')).toMatchObject({
    name: 'ovh-ca',
    tokenUrl: 'https://ca.ovh.com/auth/oauth2/token',
  });
  expect(resolveEndpoint('https://api.eu.ovhcloud.com/1.0')).toMatchObject({
    name: 'ovh-eu',
    baseUrl: 'https://api.eu.ovhcloud.com/1.0',
    oauth2: true,
  });
  expect(resolveEndpoint('https://eu.api.ovh.com/v2').baseUrl).toBe('https://eu.api.ovh.com/v2');
  expect(resolveEndpoint('https://eu.api.ovh.com')).toEqual(resolveEndpoint('ovh-eu'));
});

test('G29 G30: slashes at the end of a URL are no part of the base', () => {
  for (const url of ['https://gate.example/1.0', 'https://gate.example/1.0/', 'https://gate.example/1.0//']) {
    expect(resolveEndpoint(url)).toMatchObject({ name: 'https://gate.example/1.0', brand: 'custom', v2: true, oauth2: false });
  }
  expect(resolveEndpoint('https://gate.example/').baseUrl).toBe('https://gate.example');
});

test('a custom URL may carry its address of tokens', () => {
  const endpoint = resolveEndpoint('https://gate.example/1.0', { tokenUrl: 'https://gate.example/token?x=1' });
  expect(endpoint).toMatchObject({ tokenUrl: 'https://gate.example/token?x=1', oauth2: true });
});

test('plain http goes to loopback alone, unless it is asked for', () => {
  for (const host of ['127.0.0.1:8080', 'localhost:1', '[::1]:8080', '127.1.2.3', 'a.localhost']) {
    expect(resolveEndpoint(`http://${host}/1.0`).baseUrl).toBe(`http://${host}/1.0`);
  }
  for (const host of ['gate.example', '127.0.0.1.example', '10.0.0.1', 'localhost.example']) {
    expect(() => resolveEndpoint(`http://${host}/1.0`), host).toThrow(/plain http/);
    expect(resolveEndpoint(`http://${host}/1.0`, { allowInsecureHttp: true }).baseUrl).toBe(`http://${host}/1.0`);
  }
  expect(() => resolveEndpoint('eu', { tokenUrl: 'http://gate.example/token' })).toThrow(/tokenUrl.*plain http/);
});

for (const url of [
  'ftp://gate.example/1.0',
  'gate.example/1.0',
  '//gate.example/1.0',
  'https://user:hush@gate.example/1.0',
  'https://gate.example/1.0?token=hush',
  'https://gate.example/1.0#hush',
]) {
  test(`${url} is no endpoint, and the message does not repeat what may be secret`, () => {
    expect(() => resolveEndpoint(url)).toThrow(ConfigurationError);
    expect(() => resolveEndpoint(url)).not.toThrow(/hush/);
  });
}
