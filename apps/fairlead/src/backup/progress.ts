import type { Clock } from '@fairlead/kernel/clock';

/** Where progress is shown: standard error of a terminal redraws one line, anything else gets a line every tenth. */
export interface ProgressOutput {
  readonly isTTY: boolean;
  readonly columns: number;
  write(text: string): void;
}

const MIB = 1024 * 1024;
const REDRAW_MS = 100;
const BAR_WIDTH = 24;

/** Shows how far a transfer is: bar, MiB done and in all, MiB/s, time left. */
export class Progress {
  readonly #label: string;
  readonly #total: number;
  readonly #clock: Clock;
  readonly #output: ProgressOutput;
  readonly #begin: number;
  #done = 0;
  #drawn = Number.NEGATIVE_INFINITY;
  #tenth = 0;

  constructor(label: string, totalBytes: number, clock: Clock, output: ProgressOutput) {
    this.#label = label;
    this.#total = totalBytes;
    this.#clock = clock;
    this.#output = output;
    this.#begin = clock.now();
  }

  add(bytes: number): void {
    this.#done += bytes;
    if (this.#output.isTTY) this.#redraw();
    else this.#printTenth();
  }

  /** Draws the last state and goes on to the next line. */
  end(): { bytes: number; ms: number } {
    const ms = this.#clock.now() - this.#begin;
    this.#output.write(this.#output.isTTY ? `\r${this.#line()}\x1b[K\n` : `${this.#line()}\n`);
    return { bytes: this.#done, ms };
  }

  #redraw(): void {
    const now = this.#clock.now();
    if (now - this.#drawn < REDRAW_MS) return;
    this.#drawn = now;
    this.#output.write(`\r${this.#line()}\x1b[K`);
  }

  #printTenth(): void {
    const tenth = Math.floor((this.#done / Math.max(1, this.#total)) * 10);
    if (tenth <= this.#tenth || tenth >= 10) return;
    this.#tenth = tenth;
    this.#output.write(`${this.#line()}\n`);
  }

  #line(): string {
    const share = this.#total === 0 ? 1 : Math.min(1, this.#done / this.#total);
    const seconds = (this.#clock.now() - this.#begin) / 1000;
    const filled = Math.round(share * BAR_WIDTH);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
    const amount = `${mib(this.#done)}/${mib(this.#total)} MiB`;
    const text = `${this.#label.padEnd(22)} ${bar} ${percent(share)} ${amount} ${speed(this.#done, seconds)} ${this.#left(share, seconds)}`;
    return this.#output.isTTY ? text.slice(0, Math.max(20, this.#output.columns - 1)) : text;
  }

  #left(share: number, seconds: number): string {
    if (share >= 1) return `in ${formatSeconds(seconds)}`;
    // Before a second has passed the guess would jump about.
    return share === 0 || seconds < 1 ? '' : `${formatSeconds((seconds * (1 - share)) / share)} left`;
  }
}

function percent(share: number): string {
  return `${Math.floor(share * 100)}%`.padStart(4);
}

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(bytes < 100 * MIB ? 1 : 0);
}

/** MiB/s, or nothing while it cannot be told. */
export function speed(bytes: number, seconds: number): string {
  return seconds <= 0 ? '' : `${(bytes / MIB / seconds).toFixed(0)} MiB/s`;
}

export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`;
}
