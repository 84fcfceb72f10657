import { deepEqual, equal, ok } from 'node:assert/strict';

const BELOW_SERVER = [
  'serviceInfos',
  'specifications/hardware',
  'specifications/network',
  'ips',
  'networkInterfaceController',
  'task',
  'option',
  'intervention',
];

/** Every list of the account and what is below its items. */
export async function inventory(run) {
  const get = (...words) => run.admin.requestPromised('GET', ...words);
  await run.step('dedicated servers with what is below them', async () => {
    const names = await get('/dedicated/server');
    for (const serviceName of names) {
      const base = `/dedicated/server/${serviceName}`;
      const [row, infos] = await Promise.all([get(base), ...BELOW_SERVER.map((part) => get(`${base}/${part}`))]);
      deepEqual([row.name, infos.domain], [serviceName, serviceName]);
    }
    equal(names.length, 20);
    return `${names.length} servers`;
  });
  await run.step('VPS, projects with their instances, domains with their records', async () => {
    for (const serviceName of await get('/vps')) equal((await get('/vps/{serviceName}/serviceInfos', { serviceName })).domain, serviceName);
    let instances = 0;
    for (const id of await get('/cloud/project')) {
      for (const row of await get(`/cloud/project/${id}/instance`)) {
        equal((await get(`/cloud/project/${id}/instance/${row.id}`)).flavor.id, row.flavorId);
        instances += 1;
      }
    }
    for (const zone of await get('/domain')) {
      const [id] = await get(`/domain/zone/${zone}/record`, { fieldType: 'A' });
      equal((await get(`/domain/zone/${zone}/record/${id}`)).zone, zone);
    }
    return `${instances} instances`;
  });
  await run.step('blocks of addresses lead to servers that there are', async () => {
    const servers = new Set(await get('/dedicated/server'));
    const blocks = await get('/ip');
    for (const block of blocks) {
      const { routedTo } = await get(`/ip/${encodeURIComponent(block)}`);
      ok(servers.has(routedTo.serviceName), `${block} leads nowhere`);
    }
    return `${blocks.length} blocks`;
  });
}
