import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Audit } from '@fairlead/kernel/audit';
import { systemClock } from '@fairlead/kernel/clock';
import { type BridgeContext, type RunningBridge, ServiceRegistry } from '@fairlead/kernel/lifecycle';
import { Limits } from '@fairlead/kernel/limits';
import { Metrics } from '@fairlead/kernel/metrics';
import { Secrets } from '@fairlead/kernel/secrets';
import type { HostRef, ImageBackups, ImageTransfers } from '@fairlead/kernel/services';
import { Sessions } from '@fairlead/kernel/sessions';
import { kernelMigrations, migrate, openStore, type Store } from '@fairlead/kernel/store';
import type { Authority } from '@fairlead/kernel/tls';
import { type CapturedLog, captureLog } from '@fairlead/testkit/capture';
import { testAuthority } from '@fairlead/testkit/certs';
import { tempDir } from '@fairlead/testkit/temp';
import type { ImageConfig } from '../../src/config.ts';
import { bridge } from '../../src/index.ts';

/** A running image bridge in a folder of its own, with everything that a test asks of it. */
export interface TestBridge extends AsyncDisposable {
  readonly folder: string;
  /** Folder in which images may be opened. */
  readonly images: string;
  readonly runDir: string;
  readonly ca: string;
  readonly log: CapturedLog;
  readonly store: Store;
  readonly transfers: ImageTransfers;
  readonly backups: ImageBackups;
  readonly dataUrl: string;
  readonly proxyUrl: string;
  readonly controlUrl: string;
  readonly authority: Authority;
  readonly host: HostRef;
  /** Ends the bridge and starts it again on the same state. */
  restart(): Promise<void>;
}

export interface TestBridgeOptions {
  readonly config?: Partial<ImageConfig>;
  /** State of an earlier run to go on with; it stays when the bridge ends. */
  readonly folder?: string;
}

/** Starts the bridge on free ports. */
export async function testBridge(options: TestBridgeOptions = {}): Promise<TestBridge> {
  const scope = new AsyncDisposableStack();
  const folder = options.folder ?? scope.use(await tempDir('img-')).path;
  const { authority, ca } = scope.use(await testAuthority());
  const log = captureLog();
  const store = await openStore({ url: `sqlite:${join(folder, 'fairlead.db')}`, stateDir: folder, log: log.log, clock: systemClock });
  scope.use(store);
  await migrate(store, [...kernelMigrations, ...bridge.migrations]);
  const images = join(folder, 'images');
  await mkdir(images, { recursive: true });
  const parts = { folder, images, authority, log, store, config: { ...defaults(images), ...options.config } };
  const test = new RestartableBridge(parts, ca, scope);
  await test.restart();
  return test;
}

function defaults(images: string): ImageConfig {
  return {
    enabled: true,
    role: 'both',
    roots: [images],
    scratch_dir: undefined,
    host: '127.0.0.1',
    data_port: 0,
    proxy_port: 0,
    control_port: 0,
    qemu_nbd: 'qemu-nbd',
    qemu_img: 'qemu-img',
    request_size: 1024 * 1024,
    requests_in_flight: 4,
    ticket_timeout: 300_000,
    max_connections: 8,
    internal_token: undefined,
  };
}

interface Parts {
  readonly folder: string;
  readonly images: string;
  readonly authority: Authority;
  readonly log: CapturedLog;
  readonly store: Store;
  readonly config: ImageConfig;
}

class RestartableBridge implements TestBridge {
  readonly folder: string;
  readonly images: string;
  readonly runDir: string;
  readonly ca: string;
  readonly log: CapturedLog;
  readonly store: Store;
  readonly authority: Authority;
  readonly host: HostRef = { id: 'host-1', name: 'kvm1', addresses: ['127.0.0.1'] };
  readonly #parts: Parts;
  readonly #scope: AsyncDisposableStack;
  #running: RunningBridge<unknown> | undefined;
  #services = new ServiceRegistry();

  constructor(parts: Parts, ca: string, scope: AsyncDisposableStack) {
    this.#parts = parts;
    this.#scope = scope;
    this.ca = ca;
    this.folder = parts.folder;
    this.images = parts.images;
    this.runDir = join(parts.folder, 'run');
    this.log = parts.log;
    this.store = parts.store;
    this.authority = parts.authority;
  }

  get transfers(): ImageTransfers {
    return this.#services.get('image.transfers');
  }

  get backups(): ImageBackups {
    return this.#services.get('image.backups');
  }

  get dataUrl(): string {
    return this.#address('image server');
  }

  get proxyUrl(): string {
    return this.#address('image proxy');
  }

  get controlUrl(): string {
    return this.#address('image agent');
  }

  async restart(): Promise<void> {
    await this.#running?.[Symbol.asyncDispose]();
    this.#services = new ServiceRegistry();
    this.#running = await bridge.start(this.#context(), { image: this.#parts.config });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running?.[Symbol.asyncDispose]();
    await this.#scope.disposeAsync();
  }

  #address(face: string): string {
    const found = this.#running?.addresses?.[face];
    if (found === undefined) throw new Error(`no ${face}`);
    return found;
  }

  #context(): BridgeContext {
    const { store, authority, log, folder } = this.#parts;
    const secrets = new Secrets('an entirely made up secret of the tests');
    const sessions = new Sessions({ store, secrets, clock: systemClock });
    const audit = new Audit({ store, log: log.log });
    const limits = new Limits({ store, clock: systemClock });
    const server = { publicAddress: '127.0.0.1', host: '127.0.0.1', port: 0, path: '/ovirt-engine', stateDir: folder, runDir: this.runDir };
    return {
      store,
      clock: systemClock,
      log: log.log,
      secrets,
      sessions,
      audit,
      limits,
      metrics: new Metrics(),
      authority,
      services: this.#services,
      server,
    };
  }
}
