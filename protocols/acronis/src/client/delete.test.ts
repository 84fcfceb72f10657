import { expect, test } from 'vitest';
import type { Attempts, Call } from './attempts.ts';
import { Caller } from './caller.ts';
import type { TokenSource } from './token-source.ts';

const A = '2c1f4b8e-6b0d-4d4a-9d7b-5a6f0e1c2d3e';
const ALERTS = '/api/alert_manager/v1/alerts';
const WORKLOADS = '/api/workload_management/v5/workloads';

/** A caller that sends nothing, and what it would have sent. */
function silentCaller() {
  const sent: string[] = [];
  const run = async (call: Call) => {
    sent.push(call.path);
    return { ok: true as const, value: {} };
  };
  const tokens = { get: async () => ({ value: 't', secrets: [] }) };
  return { sent, caller: new Caller({ run } as unknown as Attempts, tokens as unknown as TokenSource) };
}

const remove = (path: string): Call => ({ name: 'x', method: 'DELETE', path, effect: 'repeatable', expects: 'nothing' });

test.each([`${ALERTS}/${A}`, `${WORKLOADS}?workload_id=${A}`, `${WORKLOADS}?workload_id=or(${A}%2C${A})`])(
  '%s may be deleted',
  async (path) => {
    const { caller, sent } = silentCaller();
    await caller.call(remove(path));
    expect(sent).toEqual([path]);
  },
);

test.each([
  ALERTS,
  `${ALERTS}/`,
  `${ALERTS}?`,
  `${ALERTS}?type=x`,
  `${ALERTS}/${A}?`,
  `${ALERTS}/${A}/..`,
  `${ALERTS}/${A}\n`,
  WORKLOADS,
  `${WORKLOADS}/${A}`,
  `${WORKLOADS}?workload_id=`,
  `${WORKLOADS}?workload_id=or()`,
  `${WORKLOADS}?workload_id=or(${A})`,
  `${WORKLOADS}?workload_id=${A}&tenant_id=x`,
  `${WORKLOADS}?tenant_id=${A}`,
  `/api/2/tenants/${A}`,
])('cyberapp 9.170: no code can send DELETE %j', async (path) => {
  const { caller, sent } = silentCaller();
  await expect(caller.call(remove(path))).rejects.toThrow(RangeError);
  expect(sent).toEqual([]);
});
