import { deepEqual, equal, rejects } from 'node:assert/strict';

const RULES = [
  { method: 'GET', path: '/me' },
  { method: 'GET', path: '/vps/*' },
];
const INVALID = { error: 403, message: 'This credential is not valid' };

/** Consumer keys: asked for, decided about by a person, used. */
export async function keys(run) {
  let asked;
  let client;
  await run.step('a key is asked for without a signature', async () => {
    asked = await ask(run, { redirection: 'https://example.com/back' });
    deepEqual([asked.state, asked.consumerKey.length], ['pendingValidation', 32]);
  });
  await run.step('before the validation it opens nothing', async () => {
    client = run.client({ consumerKey: asked.consumerKey });
    await rejects(client.requestPromised('GET', '/me'), INVALID);
  });
  await run.step('a person authorizes it on the page and is sent back', async () => {
    const page = pageOf(run, asked);
    equal((await (await fetch(page)).text()).includes('GET /vps/*'), true);
    const pressed = await fetch(page, { method: 'POST', body: new URLSearchParams({ action: 'validate' }), redirect: 'manual' });
    deepEqual([pressed.status, pressed.headers.get('location')], [302, 'https://example.com/back']);
  });
  await run.step('then it opens what its rules say, and nothing else', async () => {
    equal((await client.requestPromised('GET', '/me')).nichandle, 'ab12345-ovh');
    for (const path of ['/vps', '/dedicated/server'])
      await rejects(client.requestPromised('GET', path), { error: 403, message: 'This call has not been granted' });
    await rejects(client.requestPromised('PUT', '/me', { city: 'x' }), { error: 403, message: 'This call has not been granted' });
  });
  await run.step('nothing below /auth is signed by this package, so the key can neither be asked about nor ended', async () => {
    const message = 'You must login first';
    for (const path of ['/auth/currentCredential', '/auth/details'])
      await rejects(client.requestPromised('GET', path), { error: 401, message });
    await rejects(client.requestPromised('POST', '/auth/logout'), { error: 401, message });
    await client.requestPromised('GET', '/me');
  });
  await run.step('a refused key stays closed, an expired one opens nothing any more', async () => {
    const refused = await ask(run);
    await fetch(pageOf(run, refused), { method: 'POST', body: new URLSearchParams({ action: 'refuse' }) });
    await rejects(run.client({ consumerKey: refused.consumerKey }).requestPromised('GET', '/me'), INVALID);
    await run.control(`credentials/${asked.consumerKey}/expire`);
    await rejects(client.requestPromised('GET', '/me'), INVALID);
  });
  await run.step('a key that becomes valid by itself', async () => {
    const asking = run.client({ consumerKey: undefined });
    const { consumerKey } = await asking.requestPromised('POST', '/auth/credential?autoValidate=0', { accessRules: RULES });
    equal((await run.client({ consumerKey }).requestPromised('GET', '/me')).nichandle, 'ab12345-ovh');
  });
  await run.step('rules that are none are refused in the words of the API', async () => {
    const message = "Body parameter accessRules isn't formated correctly";
    for (const accessRules of [[], 'x', [{ method: 'PATCH', path: '/me' }]])
      await rejects(run.client().requestPromised('POST', '/auth/credential', { accessRules }), { error: 400, message });
  });
}

async function ask(run, more = {}) {
  return await run.client({ consumerKey: undefined }).requestPromised('POST', '/auth/credential', { accessRules: RULES, ...more });
}

/** The page is told under the public address of the fake, which has no port. */
function pageOf(run, { validationUrl }) {
  const { pathname, search } = new URL(validationUrl);
  return `${run.origin}${pathname}${search}`;
}
