import { GatewayError } from '@fairlead/kernel/errors';
import type {
  ImageBackup,
  ImageBackups,
  ImageCheckpoint,
  ImageTransferState,
  ImageTransfers,
  OpenedImageTransfer,
  OpenImageTransfer,
  StartImageBackup,
} from '@fairlead/kernel/services';

type Operation = `backups.${'start' | 'get' | 'finalize'}` | `transfers.${'open' | 'get' | 'extend' | 'cancel' | 'close'}`;

/** An error as the image bridge throws it. */
export function imageError(code: string, status: number, text: string): GatewayError {
  return new GatewayError({ code, status, blame: 'upstream', text });
}

export const UNREACHABLE = imageError('IMAGE_AGENT_UNREACHABLE', 503, 'The agent kvm1 cannot be reached');

/**
 * Stands in for the image bridge: it has the image service's memory, which outlives the oVirt bridge, and can be told to fail or to wait.
 */
export class ImageStandIn {
  readonly calls: string[] = [];
  /** Size of every image, as it is found when it is opened for reading. */
  virtualSize = 1024 ** 3;
  readonly opened: OpenImageTransfer[] = [];
  readonly states = new Map<string, ImageBackup>();
  readonly transferStates = new Map<string, ImageTransferState & { readonly ended?: 'closed' | 'canceled' }>();
  readonly #failures: { readonly operation: Operation; readonly error: Error; times: number }[] = [];
  readonly #gates = new Map<Operation, PromiseWithResolvers<void>>();

  /** The next calls of an operation fail. */
  fail(operation: Operation, error: Error, times = 1): void {
    this.#failures.push({ operation, error, times });
  }

  /** Calls of an operation wait until the returned function is called. */
  hold(operation: Operation): () => void {
    const gate = Promise.withResolvers<void>();
    this.#gates.set(operation, gate);
    return () => {
      this.#gates.delete(operation);
      gate.resolve();
    };
  }

  /** Bytes have moved. */
  progress(transferId: string, change: Partial<ImageTransferState>): void {
    const state = this.transferStates.get(transferId);
    if (state !== undefined) this.transferStates.set(transferId, { ...state, ...change });
  }

  /** The host has lost everything. */
  forgetAll(): void {
    this.states.clear();
    this.transferStates.clear();
  }

  readonly backups: ImageBackups = {
    start: async (request) => {
      await this.#step('backups.start', request.backupId);
      const state = readyBackup(request);
      this.states.set(request.backupId, state);
      return state;
    },
    get: async (id) => {
      await this.#step('backups.get', id);
      return this.states.get(id);
    },
    finalize: async (id, outcome) => {
      await this.#step('backups.finalize', `${id} ${outcome}`);
      const state = this.states.get(id);
      if (state === undefined) throw imageError('IMAGE_BACKUP_UNKNOWN', 404, `No backup ${id}`);
      const ended: ImageBackup = state.phase === 'ready' ? { ...state, phase: 'succeeded' } : state;
      this.states.set(id, ended);
      return ended;
    },
    checkpoints: () => Promise.resolve<readonly ImageCheckpoint[]>([]),
    removeCheckpoint: () => Promise.reject(imageError('IMAGE_CHECKPOINT_UNKNOWN', 409, 'no checkpoint')),
  };

  readonly transfers: ImageTransfers = {
    open: async (request) => {
      await this.#step('transfers.open', request.transferId);
      this.opened.push(request);
      const size = request.size ?? this.virtualSize;
      this.transferStates.set(request.transferId, { transferId: request.transferId, active: false, transferred: 0, idleS: 0, size });
      return openedTransfer(request, size);
    },
    get: async (id) => {
      await this.#step('transfers.get', id);
      return this.transferStates.get(id);
    },
    extend: async (id) => this.#step('transfers.extend', id),
    cancel: async (id) => {
      await this.#step('transfers.cancel', id);
      this.#end(id, 'canceled');
    },
    close: async (id) => {
      await this.#step('transfers.close', id);
      if (this.transferStates.get(id)?.ended === 'canceled') throw imageError('IMAGE_TRANSFER_CANCELED', 409, 'it was cancelled');
      this.#end(id, 'closed');
    },
  };

  #end(id: string, ended: 'closed' | 'canceled'): void {
    const state = this.transferStates.get(id);
    if (state === undefined) throw imageError('IMAGE_TRANSFER_UNKNOWN', 404, `No transfer ${id}`);
    if (state.ended === undefined) this.transferStates.set(id, { ...state, ended });
  }

  async #step(operation: Operation, what: string): Promise<void> {
    this.calls.push(`${operation} ${what}`);
    await this.#gates.get(operation)?.promise;
    const failure = this.#failures.find((one) => one.operation === operation && one.times > 0);
    if (failure === undefined) return;
    failure.times -= 1;
    throw failure.error;
  }
}

function readyBackup(request: StartImageBackup): ImageBackup {
  const volumes = request.volumes.map(({ volumeId }) => ({ volumeId, mode: 'full' as const, size: 1024 ** 3 }));
  return { backupId: request.backupId, vmId: request.vmId, hostId: request.hosts[0]?.id ?? '', phase: 'ready', volumes };
}

function openedTransfer(request: OpenImageTransfer, size: number): OpenedImageTransfer {
  const ticket = `ticket-of-${request.transferId}`;
  const urls = { transferUrl: `https://kvm1:54322/images/${ticket}`, proxyUrl: `https://gw:54323/images/${ticket}` };
  return { transferId: request.transferId, hostId: request.hosts[0]?.id ?? '', size, ...urls };
}
