import { setTimeout as sleep } from 'node:timers/promises';

/** What waits are made of. */
export interface CostTime {
  /** In ms. */
  now(): number;
  sleep(ms: number): Promise<unknown>;
}

const MACHINE: CostTime = { now: () => performance.now(), sleep: (ms) => sleep(ms) };

/** How dear the fake is. */
export interface CostSettings {
  /** 1 as recorded, 0.1 a tenth of it. Default 1. */
  readonly scale?: number | undefined;
  /** Calls that are worked on at once; the others stand in line. Default 2, as in the recorded server. */
  readonly cores?: number | undefined;
  /** Default: the machine's, whatever the fake's clock says. */
  readonly time?: CostTime | undefined;
}

/** A call costs so much, and each item of its page so much more; in ms. */
interface Price {
  readonly call: number;
  readonly item: number;
}

/** Measured at a 4.23 server with 485 instances ("What answers cost" of the recordings); lines through its points. */
const PRICES: Readonly<Record<string, Price>> = {
  deployVirtualMachine: { call: 85, item: 0 },
  listHosts: { call: 10, item: 12.5 },
  listNetworks: { call: 10, item: 17.4 },
  listServiceOfferings: { call: 10, item: 3.75 },
  listStoragePools: { call: 10, item: 1.8 },
  listTags: { call: 8, item: 0.33 },
  listVolumes: { call: 43, item: 1.713 },
  listZones: { call: 10, item: 2 },
};

/** What was not measured costs what the cheapest measured call did. */
const UNMEASURED: Price = { call: 10, item: 0 };

/** Instances: a call, an item of `details=min`, and what each further part adds to it. */
const INSTANCES = { call: 16, min: 1.88, all: 5.35, servoff: 0.13, tmpl: 0.12 };
/** Parts that only `all` was measured with; they share the rest of its price evenly. */
const OTHER_DETAILS = ['group', 'nics', 'stats', 'secgrp', 'diskoff', 'backoff', 'iso', 'volume', 'affgrp', 'vnfnics'];

/**
 * What the real server would have needed for an answer, in ms.
 * @param details the parameter `details` as it was sent
 * @param inner inside of the answer's envelope
 */
export function costOf(command: string, details: string | undefined, inner: object): number {
  const items = Object.values(inner).find((value): value is unknown[] => Array.isArray(value))?.length ?? 0;
  const { call, item } = command === 'listVirtualMachines' ? instancePrice(details) : (PRICES[command] ?? UNMEASURED);
  return call + items * item;
}

function instancePrice(details: string | undefined): Price {
  const words = new Set((details ?? '').split(',').filter((word) => word !== ''));
  const { call, min, all, servoff, tmpl } = INSTANCES;
  if (words.size === 0 || words.has('all')) return { call, item: all };
  const share = (all - min - servoff - tmpl) / OTHER_DETAILS.length;
  const others = OTHER_DETAILS.filter((word) => words.has(word)).length;
  return { call, item: min + (words.has('servoff') ? servoff : 0) + (words.has('tmpl') ? tmpl : 0) + others * share };
}

/** Lets callers wait for as long as the real server would have worked; nothing is computed meanwhile. */
export class CostMeter {
  #time = MACHINE;
  #scale = 1;
  /** When each core is free; none while nothing is charged. */
  #cores: number[] = [];

  /** Switches it on, or off with undefined. */
  set(settings: CostSettings | undefined): void {
    this.#time = settings?.time ?? MACHINE;
    this.#scale = settings?.scale ?? 1;
    this.#cores = settings === undefined ? [] : new Array<number>(Math.max(1, Math.floor(settings.cores ?? 2))).fill(0);
  }

  now(): number {
    return this.#time.now();
  }

  get settings(): CostSettings | undefined {
    return this.#cores.length === 0 ? undefined : { scale: this.#scale, cores: this.#cores.length };
  }

  /**
   * Fulfilled when the work would have been done.
   * @param arrived when the call came, in ms of `now()`
   */
  async charge(cost: number, arrived: number): Promise<void> {
    if (this.#cores.length === 0) return;
    const core = this.#cores.indexOf(Math.min(...this.#cores));
    const done = Math.max(arrived, this.#cores[core] ?? 0) + cost * this.#scale;
    this.#cores[core] = done;
    await this.#time.sleep(Math.max(0, done - this.#time.now()));
  }
}
