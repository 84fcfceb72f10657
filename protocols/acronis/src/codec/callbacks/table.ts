import { type CtiMatch, CtiTable, isAppCode } from '../cti.ts';
import type { Callback, CallbackName } from './callback.ts';
import { type CustomOptions, inventoryCallbacks, userCallbacks } from './custom.ts';
import { mappedCallbacks } from './mapped.ts';
import { mirroredCallbacks } from './mirrored.ts';

export interface CallbackOptions extends CustomOptions {
  /** The CyberApp code, `vendor.application`. */
  readonly app: string;
  /** Which predefined callbacks are served; default `mapped`. */
  readonly enablement?: 'mapped' | 'mirrored' | undefined;
  /** Default true. */
  readonly userManagement?: boolean | undefined;
  /** Default false. */
  readonly inventory?: boolean | undefined;
}

/** The callbacks of one app: what the handler serves, the driver sends and checks, and the manifest prints. */
export class CallbackTable {
  readonly app: string;
  readonly all: readonly Callback[];
  readonly #byId: CtiTable<Callback>;
  readonly #requests: CtiTable<string>;

  /** @throws RangeError for a code that is none */
  constructor(options: CallbackOptions) {
    const { app } = options;
    if (!isAppCode(app)) throw new RangeError(`${JSON.stringify(app.slice(0, 80))} is no CyberApp code`);
    this.app = app;
    this.all = [
      ...(options.enablement === 'mirrored' ? mirroredCallbacks : mappedCallbacks),
      ...(options.userManagement === false ? [] : userCallbacks(app, options)),
      ...(options.inventory === true ? inventoryCallbacks(app) : []),
    ];
    this.#byId = new CtiTable(this.all.flatMap((row) => [row.id, ...row.aliases].map((id) => [id, row] as const)));
    this.#requests = new CtiTable(this.all.flatMap((row) => row.requestTypes.map((type) => [type, type] as const)));
  }

  /** By `context.callback_id`; another minor version is found too, and says so. */
  find(id: string): CtiMatch<Callback> | undefined {
    return this.#byId.find(id);
  }

  /** Undefined for a callback that this app does not have. */
  named(name: CallbackName): Callback | undefined {
    return this.all.find((row) => row.name === name);
  }

  /** Whether a request of this type may be sent to the callback (CyberApp 2.5 `type`). */
  takes(callback: Callback, type: string): boolean {
    const found = this.#requests.find(type);
    return found !== undefined && callback.requestTypes.includes(found.registered);
  }
}
