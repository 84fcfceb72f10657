import type { Credential, Vault } from '../access/vault.ts';
import { type Answer, pageAnswer, redirectAnswer } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import { decide } from './decide.ts';

interface Validity {
  readonly value: string;
  readonly label: string;
  readonly seconds: number | null | undefined;
}

const DAY = 86_400;
const VALIDITIES: readonly Validity[] = [
  { value: '', label: 'as usual', seconds: undefined },
  { value: 'unlimited', label: 'unlimited', seconds: null },
  ...[1, 7, 30].map((days) => ({ value: String(days * DAY), label: days === 1 ? '1 day' : `${days} days`, seconds: days * DAY })),
];

/** The page on which a person allows or refuses a credential (9.2). */
export function validationAnswer(call: Call, vault: Vault): Answer {
  const token = call.query.get('credentialToken') ?? '';
  const credential = [...vault.credentials.values()].find((row) => row.token === token);
  if (credential === undefined) return pageAnswer(404, 'Unknown request', '<p>No program has asked for this.</p>');
  if (call.method !== 'POST') return question(vault, credential);
  const form = new URLSearchParams(call.body.toString('utf8'));
  const [action, validity] = [form.get('action'), VALIDITIES.find(({ value }) => value === (form.get('validity') ?? ''))];
  if (validity === undefined) return pageAnswer(400, 'Unknown validity', '<p>Only those of the list are known.</p>');
  if (action !== 'validate' && action !== 'refuse') return pageAnswer(400, 'Unknown action', '<p>Only yes and no are known.</p>');
  if (!decide(vault, credential, action, validity.seconds))
    return pageAnswer(409, 'Already decided', `<p>It is ${vault.statusOf(credential)}.</p>`);
  if (credential.redirection !== null) return redirectAnswer(302, credential.redirection);
  return pageAnswer(200, action === 'validate' ? 'Authorized' : 'Refused', '<p>You may close this page.</p>');
}

function question(vault: Vault, credential: Credential): Answer {
  const name = vault.applicationById(credential.applicationId)?.name ?? 'A program';
  const rules = credential.rules.map(({ method, path }) => `<li><code>${escaped(`${method} ${path}`)}</code></li>`).join('');
  const button = (action: string, label: string) => `<button name="action" value="${action}">${label}</button>`;
  const options = VALIDITIES.map(({ value, label }) => `<option value="${value}">${label}</option>`).join('');
  const validity = `<label>Validity <select name="validity">${options}</select></label>`;
  const form = `<form method="post"><p>${validity}</p>${button('validate', 'Authorize')} ${button('refuse', 'Refuse')}</form>`;
  return pageAnswer(200, 'Authorize a program', `<p>${escaped(name)} wants to do:</p><ul>${rules}</ul>${form}`);
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
