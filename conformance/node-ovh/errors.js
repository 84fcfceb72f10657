import { equal, ok, rejects } from 'node:assert/strict';

/** Refusals, of which this package hands on status and message, and everything that is no answer of the API. */
export async function errors(run) {
  for (const errorStyle of ['legacy', 'current', 'both']) {
    await run.step(`${errorStyle}: keys, secrets and signatures that are wrong`, () => run.setting({ errorStyle }, () => refusals(run)));
    await run.step(`${errorStyle}: no route, no object, no consumer key`, () => run.setting({ errorStyle }, () => missing(run)));
  }
  await statuses(run);
  await broken(run);
}

async function refusals(run) {
  const cases = [
    [{ appSecret: 'x'.repeat(32) }, 400, 'Invalid signature'],
    [{ appKey: 'x'.repeat(16) }, 403, 'This application key is invalid'],
    [{ consumerKey: 'x'.repeat(32) }, 403, 'This credential does not exist'],
  ];
  for (const [more, error, message] of cases) await rejects(run.client(more).requestPromised('GET', '/me'), { error, message });
}

async function missing(run) {
  const call = (path) => run.admin.requestPromised('GET', path);
  await rejects(call('/nothing'), { error: 404, message: 'Got an invalid (or empty) URL' });
  await rejects(call('/vps/none'), { error: 404, message: 'The requested object (serviceName = none) does not exist' });
  const keyless = run.client({ consumerKey: undefined });
  await rejects(keyless.requestPromised('GET', '/me'), { error: 401, message: 'You must login first' });
}

async function statuses(run) {
  await run.step('a conflict', async () => {
    const name = (await run.admin.requestPromised('GET', '/dedicated/server'))[5];
    await run.admin.requestPromised('POST', `/dedicated/server/${name}/reboot`);
    const again = run.admin.requestPromised('POST', `/dedicated/server/${name}/reboot`);
    await rejects(again, { error: 409, message: 'Action already asked' });
  });
  await run.step('too many calls', () =>
    run.setting({ quota: { requests: 1, seconds: 60 } }, async () => {
      await run.admin.requestPromised('GET', '/me');
      await rejects(run.admin.requestPromised('GET', '/me'), { error: 429, message: 'Too many requests' });
    }),
  );
  await run.step('every other refusal in JSON', async () => {
    for (const status of [401, 403, 405, 412, 423, 460, 500, 501, 503, 504]) {
      await run.fault('/me', { kind: 'status', status, message: `it is ${status}` });
      await rejects(run.admin.requestPromised('GET', '/me'), { error: status, message: `it is ${status}` });
    }
  });
  await run.step('a redirect is not followed', async () => {
    await run.fault('/me', { kind: 'redirect', location: `${run.origin}/1.0/vps` });
    await rejects(run.admin.requestPromised('GET', '/me'), { error: 302 });
  });
}

async function broken(run) {
  const me = (client = run.admin) => client.requestPromised('GET', '/me');
  await run.step('a page of a front end and half a JSON lose their status', async () => {
    for (const fault of [{ kind: 'html', status: 502 }, { kind: 'html', status: 200 }, { kind: 'truncate' }]) {
      await run.fault('/me', fault);
      await rejects(me(), { error: '[OVH] Unable to parse JSON reponse' });
    }
  });
  await run.step('an answer without a body is null', async () => {
    await run.fault('/me', { kind: 'empty' });
    equal(await me(), null);
  });
  await run.step('a connection that ends early, or after the work was done', async () => {
    for (const kind of ['reset', 'lost-answer']) {
      await run.fault('PUT /me', { kind });
      await rejects(run.admin.requestPromised('PUT', '/me', { city: kind }), (reason) => reason.error !== undefined);
    }
    equal((await me()).city, 'lost-answer');
    await run.admin.requestPromised('PUT', '/me', { city: 'Roubaix' });
  });
  await run.step('no answer at all is given up by the client', async () => {
    const hasty = run.client({ timeout: 1000 });
    await me(hasty);
    await run.fault('/me', { kind: 'hang' });
    await rejects(me(hasty), (reason) => reason.error?.code === 'ECONNRESET');
    await run.control('faults', undefined, 'DELETE');
  });
  await run.step('an answer byte by byte is read, whatever becomes of its letters', async () => {
    await run.fault('/me', { kind: 'drip' });
    const { nichandle, currency } = await me();
    ok(nichandle === 'ab12345-ovh' && /^(€|\ufffd+)$/.test(currency.symbol), `the symbol is ${currency.symbol}`);
  });
}
