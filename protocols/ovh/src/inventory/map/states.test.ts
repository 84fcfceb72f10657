import { expect, test } from 'vitest';
import { domainState, instanceState, serverState, vpsState } from './states.ts';

test.each([
  ['ok', 'poweron', 'running'],
  ['ok', 'poweroff', 'stopped'],
  ['ok', undefined, 'running'],
  ['ok', 'suspended', 'unknown'],
  ['error', 'poweron', 'error'],
  ['error', 'poweroff', 'error'],
  ['hacked', 'poweron', 'blocked'],
  ['hackedBlocked', 'poweroff', 'blocked'],
  ['onFire', 'poweron', 'unknown'],
  ['constructor', 'poweron', 'unknown'],
  [undefined, 'poweron', 'unknown'],
])('a dedicated server that is %s and %s is %s', (state, power, expected) => {
  expect(serverState(state, power)).toBe(expected);
});

test.each([
  ['running', 'running'],
  ['stopped', 'stopped'],
  ['rescued', 'rescue'],
  ['maintenance', 'maintenance'],
  ['backuping', 'transition'],
  ['installing', 'transition'],
  ['rebooting', 'transition'],
  ['stopping', 'transition'],
  ['upgrading', 'transition'],
  ['sleeping', 'unknown'],
  [undefined, 'unknown'],
])('a VPS that is %s is %s', (state, expected) => {
  expect(vpsState(state)).toBe(expected);
});

test.each([
  ['ACTIVE', 'running'],
  ['active', 'running'],
  ['SHUTOFF', 'stopped'],
  ['PAUSED', 'stopped'],
  ['SHELVED_OFFLOADED', 'stopped'],
  ['BUILD', 'transition'],
  ['HARD_REBOOT', 'transition'],
  ['RESCUE', 'rescue'],
  ['RESCUED', 'rescue'],
  ['ERROR', 'error'],
  ['UNKNOWN', 'unknown'],
  ['', 'unknown'],
  [undefined, 'unknown'],
])('an instance that is %s is %s', (status, expected) => {
  expect(instanceState(status)).toBe(expected);
});

test.each([
  ['ok', 'not_suspended', 'running'],
  ['ok', 'suspended', 'blocked'],
  ['ok', undefined, 'running'],
  ['expired', 'not_suspended', 'stopped'],
  ['deleted', undefined, 'stopped'],
  ['pending_create', undefined, 'transition'],
  ['pending_delete', undefined, 'transition'],
  ['outgoing_transfer', undefined, 'transition'],
  ['registry_suspended', undefined, 'blocked'],
  ['dispute', undefined, 'blocked'],
  ['sold', undefined, 'unknown'],
])('a domain that is %s and %s is %s', (state, suspension, expected) => {
  expect(domainState(state, suspension)).toBe(expected);
});
