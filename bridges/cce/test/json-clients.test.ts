import { describe, expect, test } from 'vitest';
import { type JsonRig, startJsonRig } from './support/json-rig.ts';
import { STANDS } from './support/stands.ts';

const REMOTE = '198.51.100.7';

interface Reply {
  readonly status?: number;
  readonly message?: string;
  readonly data?: { readonly [key: string]: unknown };
}

/** What the provisioning module of WHMCS does (cce 13.2): a token in each body, commands written out, quoted keys. */
class WhmcsModule {
  token: string | null = null;
  readonly #rig: JsonRig;

  constructor(rig: JsonRig) {
    this.#rig = rig;
  }

  async send(body: object): Promise<Reply> {
    const reply = await this.#post(body);
    if (reply.message?.includes('Invalid or expired token') !== true) return reply;
    await this.login();
    return this.#post(body);
  }

  async login(): Promise<void> {
    const { data } = await this.#post({ cmd: 'LOGIN', username: 'api', password: 'ignored' });
    this.token = String(data?.token);
  }

  /** A top-level `error`, or `success: false`, is how it knows a failure. */
  async #post(body: object): Promise<Reply> {
    const headers = { 'x-client-secret': 'Asdf1234Asdf1234Asdf1234Asdf123', 'content-type': 'application/json' };
    const reply = await this.#rig.call({ token: this.token, ...body }, { remote: REMOTE, headers });
    expect(reply.json).not.toHaveProperty('error');
    expect(reply.json).not.toHaveProperty('success');
    return reply.json as Reply;
  }
}

describe.each(STANDS)('clients over $name', (stand) => {
  test('cce 17.129: the module of WHMCS provisions, suspends and removes a site', async () => {
    await using rig = await startJsonRig({ stand });
    const whmcs = new WhmcsModule(rig);
    await whmcs.login();
    expect(await whmcs.send({ cmd: 'FIND Vsite fqdn="www.shop.test"' })).toEqual({ status: 201, message: 'GOODBYE' });
    const site = 'hostname="www" domain="shop.test" fqdn="www.shop.test" ipaddr="208.77.151.218" maxusers="5" prefix="" dns_auto="1"';
    const made = await whmcs.send({ cmd: `CREATE Vsite ${site} webAliases="&shop.test&"` });
    const oid = String(made.data?.oid);
    expect(made).toMatchObject({ status: 201, data: { oidlist: [oid] } });
    expect(await whmcs.send({ cmd: `GET ${oid}` })).toMatchObject({
      status: 201,
      data: { DATA: { name: 'site2', basedir: '/home/.sites/site2' } },
    });
    for (const set of [
      `SET ${oid} . Disk "quota" = "500"`,
      `SET ${oid} . PHP "enabled" = "1" "version" = "PHP83"`,
      `SET ${oid} . Shell "enabled" = "0"`,
    ]) {
      expect(await whmcs.send({ cmd: set }), set).toEqual({ status: 201, message: 'GOODBYE' });
    }
    const person = 'name="shopadmin" fullName="Shop Admin" password="s3cret-enough" site="site2" capLevels="&siteAdmin&" enabled="1"';
    const user = await whmcs.send({ cmd: `CREATE User ${person} emailDisabled="0"` });
    expect(user).toMatchObject({ status: 201 });
    const listed = await whmcs.send({ cmd: 'GETALL', class: 'User', vars: { site: 'site2' } });
    expect(Object.keys(listed.data?.objects as object)).toEqual([user.data?.oid]);
    expect(await whmcs.send({ cmd: `SET ${oid} "suspend" = "1"` })).toMatchObject({ status: 201 });
    expect(await whmcs.send({ cmd: 'FIND User site="site2" enabled="0"' })).toMatchObject({ data: { oidlist: [user.data?.oid] } });
    // The token has ended meanwhile: the module sees it in the message and logs in again.
    whmcs.token = 'expired';
    expect(await whmcs.send({ cmd: `DESTROY ${String(user.data?.oid)}` })).toMatchObject({ status: 201 });
    expect(await whmcs.send({ cmd: `DESTROY ${oid}` })).toMatchObject({ status: 201 });
    expect(await whmcs.send({ cmd: 'ENDKEY' })).toEqual({ status: 201, message: 'GOODBYE' });
    expect(rig.gatekeeper.tokens.has(String(whmcs.token))).toBe(false);
  });

  test('cce 17.130: the manager of FOSSBilling works on the machine itself and from afar', async () => {
    await using rig = await startJsonRig({ stand });
    const session = (await rig.call({ cmd: 'AUTH', user: 'admin', password: 'blueonyx' })).json as Reply;
    const local = { user: 'admin', sessionid: String(session.data?.sessionid) };
    const values = { hostname: 'www', domain: 'bill.test', fqdn: 'www.bill.test', ipaddr: '208.77.151.218', maxusers: 5, prefix: 'bi' };
    const made = await rig.call({ ...local, cmd: 'CREATE', class: 'Vsite', data: values });
    expect(made.http).toBe(200);
    const { data } = made.json as Reply;
    const found = await rig.call({ ...local, cmd: 'FIND', class: 'Vsite', args: { fqdn: 'www.bill.test' } });
    expect(found.json).toMatchObject({ status: 201, data: { oidlist: [data?.oid] } });
    expect((await rig.call({ ...local, cmd: 'GET', oid: data?.oid, namespace: 'Disk' })).json).toMatchObject({
      data: { DATA: { quota: '-1' } },
    });
    const again = await rig.call({ ...local, cmd: 'CREATE', class: 'Vsite', data: values });
    expect(again.http).toBe(401);
    expect(again.json).toMatchObject({ data: { errors: [{ message: expect.stringContaining('[[base-vsite.fqdnInUse') }, { code: 401 }] } });
    expect((await rig.call({ ...local, cmd: 'DESTROY', oid: data?.oid })).http).toBe(200);

    const login = async () => ((await rig.call({ cmd: 'LOGIN' }, { remote: REMOTE })).json as Reply).data?.token;
    const token = await login();
    const created = (await rig.call({ token, cmd: 'CREATE mx2 domain="far.test" mapto="mx.far.test"' }, { remote: REMOTE })).json as Reply;
    expect(created).toMatchObject({ status: 201 });
    await rig.call({ token, cmd: 'BYE' }, { remote: REMOTE });
    const refused = await rig.call({ token, cmd: `GET ${String(created.data?.oid)}` }, { remote: REMOTE });
    expect(refused.headers['content-type']).toContain('application/json');
    expect(String(refused.json.message)).toMatch(/invalid or expired token|token expired|invalid token/i);
    const fresh = await login();
    expect((await rig.call({ token: fresh, cmd: `DESTROY ${String(created.data?.oid)}` }, { remote: REMOTE })).json).toMatchObject({
      status: 201,
    });
    expect((await rig.call({ token: fresh, cmd: 'ENDKEY' }, { remote: REMOTE })).json).toMatchObject({ status: 201 });
  });
});
