import { deepEqual, equal, ok, rejects } from 'node:assert/strict';

const DAY = 86_400;

/** Signed calls: time, verbs, versions, variables, queries and bodies. */
export async function calls(run) {
  await time(run);
  await verbs(run);
  await variables(run);
  await queries(run);
  await bodies(run);
  await run.step('50 calls at once, all signed well', async () => {
    const names = await run.admin.requestPromised('GET', '/dedicated/server');
    const wanted = Array.from({ length: 50 }, (_, n) => names[n % names.length]);
    const rows = await Promise.all(wanted.map((name) => run.admin.requestPromised('GET', `/dedicated/server/${name}`)));
    deepEqual(
      rows.map(({ name }) => name),
      wanted,
    );
  });
}

async function time(run) {
  await run.step('the time of the server is asked first, and its skew is made up for', async () => {
    const client = run.client();
    const before = await run.count('/1.0/auth/time');
    for (let n = 0; n < 3; n += 1) await client.requestPromised('GET', '/me');
    equal((await run.count('/1.0/auth/time')) - before, 1);
    ok(Math.abs(client.apiTimeDiff - DAY) <= 2, `the difference is ${client.apiTimeDiff}`);
    return `${client.apiTimeDiff} s`;
  });
  await run.step('calls at once on a new client ask for the time each', async () => {
    const client = run.client();
    const before = await run.count('/1.0/auth/time');
    await Promise.all(Array.from({ length: 4 }, () => client.requestPromised('GET', '/me')));
    equal((await run.count('/1.0/auth/time')) - before, 4);
  });
  await run.step('a given difference is used, and a wrong one is refused', async () => {
    const before = await run.count('/1.0/auth/time');
    await run.client({ apiTimeDiff: DAY }).requestPromised('GET', '/me');
    await rejects(run.client({ apiTimeDiff: 1 }).requestPromised('GET', '/me'), { error: 400, message: 'Query out of time' });
    equal(await run.count('/1.0/auth/time'), before);
  });
}

async function verbs(run) {
  const call = (...words) => run.admin.requestPromised(...words);
  await run.step('POST, GET, PUT and DELETE of a record of a zone', async () => {
    const [zone] = await call('GET', '/domain/zone');
    const { id } = await call('POST', `/domain/zone/${zone}/record`, { fieldType: 'A', subDomain: 'conformance', target: '192.0.2.1' });
    const path = `/domain/zone/${zone}/record/${id}`;
    equal(await call('PUT', path, { target: '192.0.2.2', ttl: 60 }), null);
    const { target, ttl } = await call('GET', path);
    deepEqual([target, ttl], ['192.0.2.2', 60]);
    equal(await call('DELETE', path), null);
    await rejects(call('GET', path), { error: 404 });
  });
  await run.step('/1.0, /v1 and /v2, by promise and by callback', async () => {
    deepEqual(await call('GET', '/v1/me'), await call('GET', '/me'));
    equal((await call('GET', '/v2/iam/policy'))[0].name, 'ovh-default');
    await rejects(call('GET', '/v2/me'), { error: 404, message: 'Got an invalid (or empty) URL' });
    const [error, row] = await new Promise((done) => void run.admin.request('GET', '/v1/me', (...answer) => done(answer)));
    deepEqual([error, row.nichandle], [null, 'ab12345-ovh']);
  });
  await run.step('the time of the server is told without a signature', async () => {
    equal(typeof (await run.client({ consumerKey: undefined }).requestPromised('GET', '/auth/time')), 'number');
  });
}

async function variables(run) {
  const call = (...words) => run.admin.requestPromised(...words);
  await run.step('a variable of the path is filled in, and is no parameter any more', async () => {
    const [serviceName] = await call('GET', '/vps');
    equal((await call('GET', '/vps/{serviceName}', { serviceName })).name, serviceName);
  });
  await run.step('a block of addresses as a variable is not encoded, and is another path', async () => {
    const [ip] = await call('GET', '/ip', { type: 'failover' });
    await rejects(call('GET', '/ip/{ip}', { ip }), { error: 404, message: 'Got an invalid (or empty) URL' });
    equal((await call('GET', '/ip/{ip}', { ip: encodeURIComponent(ip) })).ip, ip);
  });
}

async function queries(run) {
  const call = (...words) => run.admin.requestPromised(...words);
  await run.step('booleans, numbers and lists in a query; undefined and null are left out', async () => {
    equal((await call('GET', '/ip', { isAdditionalIp: true, version: 4, type: undefined, description: null })).length, 4);
    const rows = await call('GET', '/v2/iam/resource', { resourceType: ['vps', 'vrack'] });
    deepEqual(new Set(rows.map(({ type }) => type)), new Set(['vps', 'vrack']));
  });
  await run.step('letters of all kinds in a query', async () => {
    const [block] = await call('GET', '/ip', { type: 'failover' });
    for (const description of ['two words', 'a+b', '50% & more', 'façade €', '日本 😀', "~*'()!", '=?#']) {
      await call('PUT', `/ip/${encodeURIComponent(block)}`, { description });
      deepEqual(await call('GET', '/ip', { description }), [block]);
    }
  });
  await run.step('an object in a query becomes empty, and is refused; as JSON it counts', async () => {
    const tags = { env: [{ operator: 'EQ', value: 'prod' }] };
    await rejects(call('GET', '/dedicated/server', { iamTags: tags }), { error: 400 });
    const found = await call('GET', '/dedicated/server', { iamTags: JSON.stringify(tags) });
    ok(found.length > 0 && found.length < 20, `${found.length} servers`);
  });
  await run.step('parameters behind a query begin a second one, which is refused', async () => {
    await rejects(call('GET', '/ip?version=4', { type: 'failover' }), { error: 400 });
  });
  await run.step('a list of v2 is its first page, because this package sends no headers', async () => {
    equal((await call('GET', '/v2/iam/resource')).length, 25);
  });
}

async function bodies(run) {
  const call = (...words) => run.admin.requestPromised(...words);
  await run.step('letters of all kinds in a body', async () => {
    for (const city of ['Orléans', '日本 😀', 'a "b" \\ \n', '\u2028\u007f']) {
      equal(await call('PUT', '/me', { city }), null);
      equal((await call('GET', '/me')).city, city);
    }
    await call('PUT', '/me', { city: 'Roubaix' });
  });
  await run.step('booleans, numbers and objects in a body; null is left out', async () => {
    const path = `/dedicated/server/${(await call('GET', '/dedicated/server'))[0]}`;
    await call('PUT', path, { monitoring: false, rescueMail: 'a@example.com', bootId: 22 });
    await call('PUT', path, { rescueMail: null, bootId: 23 });
    const { monitoring, rescueMail, bootId } = await call('GET', path);
    deepEqual([monitoring, rescueMail, bootId], [false, 'a@example.com', 23]);
    const renew = { automatic: true, deleteAtExpiration: false, forced: false, period: 3 };
    await call('PUT', `${path}/serviceInfos`, { renew: { ...renew } });
    deepEqual((await call('GET', `${path}/serviceInfos`)).renew, renew);
  });
  await run.step('no body', async () => {
    const [name] = await call('GET', '/dedicated/server');
    equal((await call('POST', `/dedicated/server/${name}/reboot`)).status, 'init');
    equal(await call('PUT', '/me', {}), null);
  });
}
