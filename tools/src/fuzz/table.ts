import type { FuzzRecord } from '@fairlead/testkit/fuzz';

const MIB = 1024 * 1024;

export const HEAD = row('target', 'inputs', 'seconds', 'worst ms', 'peak MiB');

export function recordLine({ name, inputs, seconds, worstMs, peakBytes }: FuzzRecord): string {
  return row(name, String(inputs), seconds.toFixed(1), worstMs.toFixed(1), (peakBytes / MIB).toFixed(0));
}

/** Why a target that ran to its end is a finding all the same, or undefined. */
export function overBounds({ worstMs, peakBytes }: FuzzRecord, bounds: { readonly deadlineMs: number; readonly memoryMiB: number }) {
  if (worstMs > bounds.deadlineMs) return `one input took ${worstMs.toFixed(0)} ms, ${bounds.deadlineMs} ms are allowed`;
  if (peakBytes > bounds.memoryMiB * MIB) return `${(peakBytes / MIB).toFixed(0)} MiB were held, ${bounds.memoryMiB} MiB are allowed`;
  return undefined;
}

function row(name: string, ...figures: string[]): string {
  return `${name.padEnd(40)}${figures.map((figure) => figure.padStart(10)).join('')}`;
}
