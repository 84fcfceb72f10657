import { deepEqual, equal, match, rejects } from 'node:assert/strict';

/** Schema documents, which this package reads to warn. */
export async function schemas(run) {
  const warnings = [];
  const warn = (...words) => warnings.push(words.join(' '));
  const warned = async (client, method, path) => {
    warnings.length = 0;
    await client.requestPromised(method, path).catch(() => undefined);
    return warnings.join('\n');
  };
  const client = run.client({ apis: ['vps', 'me', 'service'], warn });
  await run.step('what the schemas describe is called without a warning', async () => {
    const [name] = await client.requestPromised('GET', '/vps');
    for (const path of ['/me', '/vps', `/vps/${name}`, `/vps/${name}/serviceInfos`]) equal(await warned(client, 'GET', path), '');
    deepEqual([...new Set(client.usedApi)].sort(), ['auth', 'me', 'service', 'vps']);
  });
  await run.step('a deprecated call is told with its days and what replaces it', async () => {
    const text = await warned(client, 'GET', '/service');
    match(text, /\/service is tagged DEPRECATED since \d{4}-.+ and will deleted on \d{4}-.+ You can replace it with \/services/);
  });
  await run.step('an unknown path and an unknown method', async () => {
    match(await warned(client, 'GET', '/vps/x/y/z'), /\/vps\/x\/y\/z was not found in the API schemas/);
    match(await warned(client, 'DELETE', '/me'), /The method DELETE for the API call \/me was not found/);
  });
  await run.step('a call that needs a consumer key, and one that needs none', async () => {
    const keyless = run.client({ apis: ['me'], consumerKey: undefined, warn });
    match(await warned(keyless, 'GET', '/me'), /\/me requires an authentication with a consumer key/);
    equal(await warned(keyless, 'GET', '/auth/time'), '');
  });
  await run.step('a schema that is not there, or is none', async () => {
    await run.fault('/meh.json', { kind: 'html', status: 404 });
    await rejects(run.client({ apis: ['meh'] }).requestPromised('GET', '/me'), ({ error }) =>
      /Unable to load schema \/1\.0\/meh\.json, HTTP response code: 404/.test(error),
    );
    await run.fault('/vps.json', { kind: 'html', status: 200 });
    await rejects(run.client({ apis: ['vps'] }).requestPromised('GET', '/me'), ({ error }) => /Unable to parse the schema/.test(error));
  });
  await run.step('a time that cannot be had', async () => {
    await run.fault('/auth/time', { kind: 'html', status: 500 });
    await rejects(run.client().requestPromised('GET', '/me'), { error: '[OVH] Unable to fetch OVH API time' });
  });
}
