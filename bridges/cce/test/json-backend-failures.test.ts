import { expect, test } from 'vitest';
import { CceError } from '../src/errors.ts';
import type { Backend, BackendConnection } from '../src/service/backend.ts';
import { startJsonRig } from './support/json-rig.ts';

type Changes = Partial<Pick<Backend, 'use' | 'login'>>;

/** The backend of the stand with other ways to use it. */
function changed(backend: Backend, changes: Changes): Backend {
  return {
    kind: backend.kind,
    capabilities: backend.capabilities,
    schema: backend.schema,
    use: (...args) => backend.use(...args),
    login: (...args) => backend.login(...args),
    verify: (...args) => backend.verify(...args),
    endSession: (...args) => backend.endSession(...args),
    onCommit: (listener) => backend.onCommit(listener),
    health: (signal) => backend.health(signal),
    [Symbol.asyncDispose]: async () => undefined,
    ...changes,
  };
}

test('a backend that is away, too slow or broken is told as such', async () => {
  const cases: readonly (readonly [() => Error, number, string])[] = [
    [() => CceError('CCE_BACKEND_UNREACHABLE', { reason: 'connect ENOENT' }), 502, 'CCE backend error: connect ENOENT'],
    [() => CceError('CCE_BACKEND_TIMEOUT'), 504, 'CCE backend timeout'],
    [() => new DOMException('too long', 'TimeoutError'), 504, 'CCE backend timeout'],
    [() => new TypeError('secret inner text'), 500, 'The gateway failed to carry this out. The log of the gateway says why.'],
  ];
  for (const [failure, status, message] of cases) {
    await using rig = await startJsonRig({
      wrap: (backend) => changed(backend, { use: () => Promise.reject(failure()), login: () => Promise.reject(failure()) }),
    });
    for (const body of [{ cmd: 'GET 6' }, { cmd: 'AUTH', user: 'a', password: 'b' }, { cmd: 'GETALL', oids: ['6'] }]) {
      const reply = await rig.call(body);
      expect([reply.http, reply.json], body.cmd).toEqual([status, { status, message }]);
    }
    expect((await rig.call({ cmd: 'PING' })).http).toBe(202);
    expect(rig.observed.filter((one) => one.status === status)).toHaveLength(3);
  }
});

test('an idempotency key stays taken while nobody knows how its request ended', async () => {
  let isBroken = true;
  await using rig = await startJsonRig({
    wrap: (backend) =>
      changed(backend, {
        use: (identity, work, ...rest) =>
          backend.use(identity, (connection) => work(isBroken ? silentAt('CREATE', connection) : connection), ...rest),
      }),
  });
  const create = () =>
    rig.call({ cmd: 'CREATE', class: 'mx2', user: 'admin', password: 'blueonyx' }, { headers: { 'idempotency-key': 'k' } });
  expect((await create()).http).toBe(504);
  isBroken = false;
  expect((await create()).json).toEqual({ status: 409, message: 'The first request with this idempotency key has not ended' });
});

/** A connection on which no answer comes to a command of this verb. */
function silentAt(verb: string, connection: BackendConnection): BackendConnection {
  return {
    execute: (operation, options) =>
      operation.verb === verb ? Promise.reject(CceError('CCE_BACKEND_TIMEOUT')) : connection.execute(operation, options),
    executeAll: (operations, options) => connection.executeAll(operations, options),
    readObjects: (oids, signal) => connection.readObjects(oids, signal),
  };
}
