import { expect, test } from 'vitest';
import { FakeClock, FakeOvh } from '../src/fake/index.ts';
import { send } from './support/fake-caller.ts';
import { APPLICATION_KEY, type Vector, vectors } from './support/vectors.ts';

const ANY = ['GET', 'POST', 'PUT', 'DELETE'].map((method) => ({ method, path: '/*' }));

/** A fake that knows the vector's keys and stands at its time. */
async function fakeFor({ url, timestamp, applicationSecret, consumerKey }: Vector): Promise<FakeOvh> {
  const fake = await FakeOvh.start({ clock: new FakeClock(timestamp * 1000), publicOrigin: new URL(url).origin, echo: true, servers: 0 });
  const application = { ...fake.vault.addApplication('vectors'), applicationKey: APPLICATION_KEY, applicationSecret };
  fake.vault.applications.set(APPLICATION_KEY, application);
  const issued = fake.vault.addCredential({ applicationId: application.applicationId, rules: ANY, status: 'validated' });
  fake.vault.credentials.set(consumerKey, { ...issued, consumerKey });
  return fake;
}

function sendVector(fake: FakeOvh, vector: Vector, signature: string) {
  const headers = {
    'X-Ovh-Application': APPLICATION_KEY,
    'X-Ovh-Consumer': vector.consumerKey,
    'X-Ovh-Timestamp': String(vector.timestamp),
    'X-Ovh-Signature': signature,
  };
  const target = vector.url.slice(new URL(vector.url).origin.length);
  return send(fake, vector.method.toUpperCase(), target, { headers, body: vector.body });
}

/** URLs outside of the API: no server has them. */
const MISTAKEN = ['V38', 'V39'];

test.each(vectors.filter(({ id }) => !MISTAKEN.includes(id)))(
  'X01 $id: a real server accepts its signature, and no other',
  async (vector) => {
    await using fake = await fakeFor(vector);
    await sendVector(fake, vector, vector.signature);
    expect(fake.log[0]?.credentialId).toBe([...fake.vault.credentials.values()].at(-1)?.credentialId);
    const other = vector.signature.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    const refused = await sendVector(fake, vector, other);
    expect([refused.status, fake.log[1]?.verdict]).toEqual([400, 'INVALID_SIGNATURE']);
  },
);

test.each(vectors.filter(({ id }) => MISTAKEN.includes(id)))('X19 $id: its URL is none of the API', async (vector) => {
  await using fake = await fakeFor(vector);
  expect((await sendVector(fake, vector, vector.signature)).status).toBe(404);
});
