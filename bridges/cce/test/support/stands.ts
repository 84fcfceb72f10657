import type { Engine } from '@fairlead/engine-cce';
import { systemClock } from '@fairlead/kernel/clock';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { tempDir } from '@fairlead/testkit/temp';
import type { Backend } from '../../src/service/backend.ts';
import { EmbeddedBackend } from '../../src/service/backends/embedded-backend.ts';
import { SocketBackend } from '../../src/service/backends/socket-backend.ts';
import { openCscpServer } from '../../src/socket/cscp-server.ts';

const SERVICE_PASSWORD = 'of-the-service-account';

/** One way from the JSON face to an engine: the same tests hold for each. */
export interface Stand {
  readonly name: string;
  open(engine: Engine): Promise<Backend>;
}

/** In this process. */
export const embedded: Stand = { name: 'embedded', open: async (engine) => new EmbeddedBackend(engine) };

/** Over a Unix socket, as to a cced. api-admin has the demo's password there. */
export const socket: Stand = {
  name: 'socket',
  async open(engine) {
    const scope = new AsyncScope();
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const folder = scope.use(await tempDir('fairlead-cce-'));
    const socketPath = `${folder.path}/cced.socket`;
    scope.use(await openCscpServer({ engine, serveSocket: socketPath, stopMs: 50, log }));
    const serviceCredentials = async (user: string) => withPassword(engine, user);
    const backend = scope.use(
      new SocketBackend({ socketPath, timeoutMs: 5000, schema: engine.schema, clock: systemClock, log, serviceCredentials }),
    );
    return new Standing(backend, scope);
  },
};

export const STANDS: readonly Stand[] = [embedded, socket];

/** The gateway gives api-admin a password at each start (cce 7.6). */
async function withPassword(engine: Engine, user: string): Promise<string> {
  await using connection = await engine.connect({ kind: 'admin' });
  const { lines } = await connection.execute({ verb: 'FIND', class: 'User', criteria: [{ key: 'name', match: 'equals', value: user }] });
  const [oid = '0'] = lines.flatMap((line) => (line.code === 104 ? [line.oid] : []));
  await connection.execute({ verb: 'SET', oid, namespace: '', values: new Map([['password', SERVICE_PASSWORD]]) });
  return SERVICE_PASSWORD;
}

/** A backend that takes its server with it when it ends. */
class Standing implements Backend {
  readonly #backend: Backend;
  readonly #scope: AsyncScope;

  constructor(backend: Backend, scope: AsyncScope) {
    this.#backend = backend;
    this.#scope = scope;
  }

  get kind() {
    return this.#backend.kind;
  }

  get capabilities() {
    return this.#backend.capabilities;
  }

  get schema() {
    return this.#backend.schema;
  }

  get bindings() {
    return this.#backend.bindings;
  }

  use: Backend['use'] = (...args) => this.#backend.use(...args);
  login: Backend['login'] = (...args) => this.#backend.login(...args);
  verify: Backend['verify'] = (...args) => this.#backend.verify(...args);
  endSession: Backend['endSession'] = (...args) => this.#backend.endSession(...args);
  onCommit: Backend['onCommit'] = (listener) => this.#backend.onCommit(listener);
  health: Backend['health'] = (signal) => this.#backend.health(signal);

  [Symbol.asyncDispose](): Promise<void> {
    return this.#scope[Symbol.asyncDispose]();
  }
}
