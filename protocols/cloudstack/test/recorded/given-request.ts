import type { Given, GivenTable } from './given.ts';
import type { Outgoing } from './send.ts';
import { openSession } from './session.ts';
import type { World } from './world.ts';

/** Times at which requests with an expiry were recorded. */
const AT_GROUP_3 = '2026-11-21T20:41:44Z';
const AT_GROUP_27 = '2026-11-21T21:06:31Z';

const ALL = 'jsessionid cookie param';

/** How the three parts of alice's session were sent; `before` is a call that was made before, with these parts. */
function session(parts: string, before?: string): Given {
  return {
    request: async (out, world) => {
      const opened = await openSession(world, 'alice');
      if (before !== undefined) await opened.call(before);
      opened.apply(out, parts);
    },
  };
}

function set(change: (out: Outgoing, world: World) => Partial<Outgoing>): Given {
  return { request: (out, world) => Object.assign(out, change(out, world)) };
}

function wrongSecret(out: Outgoing): Partial<Outgoing> {
  return { signer: { apiKey: out.signer?.apiKey ?? '', secretKey: 'x' } };
}

function param(out: Outgoing, name: string, value: string): Partial<Outgoing> {
  return { params: out.params.map((pair) => (pair[0] === name ? [name, value] : pair)) };
}

function enforce(world: World): void {
  world.fake.settings.enforceTimestamps = true;
}

/** Calls whose parameters, signature or session are what they are about. */
export const GIVEN_REQUEST: GivenTable = [
  [/^01-logout$/, session(ALL)],
  [/^01-session-(cookie-and-param|post-form|forbidden-command|unknown-command)$/, session(ALL)],
  [/^01-session-after-logout$/, session(ALL, 'logout')],
  [/^01-session-after-missing-param$/, session(ALL, 'jsessionid cookie')],
  [/^01-session-after-missing-sessionkey-cookie$/, session(ALL, 'jsessionid param')],
  [/^01-session-after-wrong-param$/, session(ALL, 'jsessionid cookie wrong')],
  [/^01-session-cookies-no-param$/, session('jsessionid cookie')],
  [/^01-session-jsessionid-and-param$/, session('jsessionid param')],
  [/^01-session-jsessionid-no-param$/, session('jsessionid')],
  [/^01-session-param-no-cookie$/, session('param')],
  [/^01-session-unknown-jsessionid$/, session('unknown cookie param')],
  [/^01-session-wrong-param$/, session('jsessionid cookie wrong')],
  [/^01-session-expired$/, session(ALL, 'wait')],
  [/^03-apikey-name-lowercase$/, set(() => ({ keyName: 'apikey' }))],
  [/^03-apikey-name-other-case$/, set(() => ({ keyName: 'ApiKey' }))],
  [
    /^03-duplicate-parameter$/,
    set((out, world) => ({
      params: [...out.params, ['keyword', 'b'], ['response', 'json']],
      signer: world.fake.user('alice'),
      appended: [['keyword', 'a']],
    })),
  ],
  [/^03-(error-bad-signature|format-xml-error)$/, set(wrongSecret)],
  [/^03-error-signature-missing$/, set((out) => ({ params: [...out.params, ['apiKey', out.signer?.apiKey ?? '']], signer: undefined }))],
  [/^03-error-unknown-apikey$/, set(() => ({ signer: { apiKey: 'nobody', secretKey: 'x' } }))],
  [/^03-method-post-query-string$/, set(() => ({ inQuery: true }))],
  [/^03-method-post-json$/, set(() => ({ body: '{"command":"listZones"}', headers: { 'content-type': 'application/json' } }))],
  [/^03-(post|url)-/, set((_out, world) => ({ signer: world.fake.user('alice') }))],
  [/^03-v/, { at: AT_GROUP_3 }],
  [/^04-numeric-id/, { with: ['vm-one'], ...set((out, world) => param(out, 'id', String(world.fake.vm('vm-one').n))) }],
  [
    /^04-error-numeric-id/,
    { with: ['vm-gone'], world: (world) => expunge(world), ...set((out, world) => param(out, 'id', String(world.fake.cloud.vms[0]?.n))) },
  ],
  [/^05-listClusters-by-zone$/, set((out) => param(out, 'hypervisor', 'Simulator'))],
  [/^09-getUser-by-apikey$/, set((out, world) => param(out, 'userapikey', world.fake.user('alice').apiKey))],
  [/^11-listVirtualMachines-hypervisor-KVM$/, set((out) => param(out, 'hypervisor', 'Simulator'))],
  [/^27-enforced-session-get-list$/, { ...session(ALL), at: AT_GROUP_27, world: (world) => [enforce(world), zoneDetails(world)] }],
  [/^27-enforced-session/, { ...session(ALL), at: AT_GROUP_27, world: enforce, with: ['vm-two'] }],
  [/^27-enforced-get-list/, { at: AT_GROUP_27, world: (world) => [enforce(world), zoneDetails(world)] }],
  [/^27-/, { at: AT_GROUP_27, world: enforce }],
  [/^28-throttled$/, { at: AT_GROUP_27, world: (world) => world.fake.throttle.set({ max: 0, intervalMs: 3000 }) }],
];

/** The zone had settings of its own by then. */
export function zoneDetails(world: World): void {
  world.fake.cloud.zone.details = { 'backup.framework.provider.plugin': 'dummy' };
}

export function expunge(world: World, name = 'vm-gone'): void {
  world.fake.vm(name).state = 'Expunging';
}
