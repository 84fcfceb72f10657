import type { InventoryProgress, RecordKind } from '@fairlead/ovh/inventory';
import type { Output } from '../../../output.ts';

export interface ProgressLine extends Disposable {
  readonly show: (progress: InventoryProgress) => void;
}

/** One line of a terminal, drawn anew and gone at the end; a log file gets none. */
export function progressLine({ progress }: Output): ProgressLine {
  const kinds = new Map<RecordKind, string>();
  const draw = (text: string) => {
    if (progress.isTTY) progress.write(`\r${text.slice(0, Math.max(20, progress.columns - 1))}\x1b[K`);
  };
  return {
    show: ({ kind, done, total }) => {
      kinds.set(kind, `${kind} ${done}/${total}`);
      draw([...kinds.values()].join('  '));
    },
    [Symbol.dispose]: () => draw(''),
  };
}
