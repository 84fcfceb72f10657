import { isLoopback } from '../access/addresses.ts';
import type { Quota } from '../access/quota.ts';
import type { Vault } from '../access/vault.ts';
import type { LogEntry } from '../call-log.ts';
import type { FakeClock } from '../fake-clock.ts';
import type { Faults } from '../faults.ts';
import { type Answer, jsonAnswer } from '../http/answer.ts';
import { type Call, header } from '../http/call.ts';
import { asRow, type Json, type Row } from '../json.ts';
import { refuse } from '../refusal.ts';
import type { FakeSettings } from '../settings.ts';
import type { State } from '../world/state.ts';
import { type Decision, decide } from './decide.ts';
import { faultOf } from './fault-of.ts';
import { changeSettings, isCount } from './settings.ts';

/** What other programs may steer. */
export interface Controlled {
  readonly vault: Vault;
  readonly state: State;
  readonly clock: FakeClock;
  readonly faults: Faults;
  readonly quota: Quota;
  readonly settings: FakeSettings;
  readonly log: readonly Omit<LogEntry, 'headers' | 'body'>[];
  readonly reset: () => void;
}

/** `/_fake/...`: for tests that are other programs. Nobody but this machine, and no page of a browser, is let in. */
export function controlAnswer(call: Call, controlled: Controlled): Answer {
  if (!isLoopback(call.remoteAddress) || header(call, 'origin') !== undefined) throw refuse.noRoute();
  const [, , what = '', key = '', action = ''] = call.path.split('/');
  const command = `${call.method} ${what}`;
  switch (command) {
    case 'POST credentials':
      return decided(controlled, call, decoded(key), action);
    case 'POST clock':
      return turned(controlled, bodyRow(call));
    case 'POST clients':
      return permitted(controlled, decoded(key), bodyRow(call));
    case 'POST settings':
      changeSettings(controlled, bodyRow(call));
      return jsonAnswer(200, null);
    case 'POST faults':
      return planned(controlled, bodyRow(call));
    case 'DELETE faults':
      controlled.faults.clear();
      return jsonAnswer(200, null);
    case 'POST reset':
      controlled.reset();
      return jsonAnswer(200, null);
    case 'GET log':
      return jsonAnswer(200, logOf(controlled));
    case 'GET ':
    case 'GET state':
      return jsonAnswer(200, summaryOf(controlled));
    default:
      throw refuse.noRoute();
  }
}

function decided({ vault }: Controlled, call: Call, consumerKey: string, action: string): Answer {
  if (!['validate', 'refuse', 'expire'].includes(action)) throw refuse.noRoute();
  const credential = vault.credentials.get(consumerKey);
  if (credential === undefined) throw refuse.notCredential();
  const { validFor } = call.body.length === 0 ? {} : bodyRow(call);
  if (validFor !== undefined && !isCount(validFor)) throw refuse.badRequest('validFor has to be seconds');
  if (!decide(vault, credential, action as Decision, validFor)) throw refuse.conflict(`The credential is ${vault.statusOf(credential)}`);
  return jsonAnswer(200, { status: vault.statusOf(credential) });
}

function turned({ clock }: Controlled, { advance }: Row): Answer {
  if (typeof advance !== 'number') throw refuse.badRequest('advance has to be seconds');
  clock.advance(advance);
  return jsonAnswer(200, { now: Math.floor(clock.now() / 1000) });
}

function planned({ faults }: Controlled, { target, fault, times = 1, share }: Row): Answer {
  const wanted = faultOf(fault);
  if (typeof target !== 'string' || typeof times !== 'number' || wanted === undefined) {
    throw refuse.badRequest('A fault has a target, a fault with what its kind wants, and times or a share');
  }
  if (share === undefined) faults.next(target, wanted, times);
  else if (typeof share === 'number' && share > 0 && share <= 1) faults.sometimes(target, share, wanted);
  else throw refuse.badRequest('share has to be above 0 and at most 1');
  return jsonAnswer(200, null);
}

/** IAM actions that a service account may do from now on. */
function permitted({ vault }: Controlled, clientId: string, { actions }: Row): Answer {
  const client = vault.clients.get(clientId);
  if (client === undefined) throw refuse.noObject('clientId', clientId);
  if (!Array.isArray(actions)) throw refuse.badRequest('actions has to be a list of patterns');
  client.actions = actions.map(String);
  return jsonAnswer(200, null);
}

function logOf({ log }: Controlled): Json {
  return log.map(({ method, target, status, verdict, queryId, credentialId = null, clientId = null }) => {
    return { method, target, status, verdict, queryId, credentialId, clientId };
  });
}

function summaryOf({ state, clock, settings, quota }: Controlled): Json {
  const { servers, vps, projects, domains, ips, vracks, services } = state;
  const counts = { servers, vps, projects, domains, ips, vracks, services };
  const { errorStyle, autoValidateMs = null, keysValidFor = null, tokenLifetime = null } = settings;
  return {
    now: Math.floor(clock.now() / 1000),
    ...Object.fromEntries(Object.entries(counts).map(([name, rows]) => [name, rows.size])),
    settings: {
      errorStyle,
      autoValidateMs,
      keysValidFor,
      tokenLifetime,
      quota: quota.settings === undefined ? null : { ...quota.settings },
    },
  };
}

function bodyRow(call: Call): Row {
  try {
    return asRow(JSON.parse(call.body.toString('utf8')) as Json) ?? {};
  } catch {
    throw refuse.badRequest('The body is not valid JSON');
  }
}

/** A part of the path; one that is wrongly encoded names nothing. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw refuse.noRoute();
  }
}
