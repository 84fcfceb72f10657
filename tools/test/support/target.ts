import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';

/** A process with one target that does, at its 50th input, what its argument says. */
const deeds: Readonly<Record<string, () => void>> = {
  fine: () => undefined,
  hang: () => {
    for (;;);
  },
  grow: () => {
    const held: number[][] = [];
    for (;;) held.push(new Array(100_000).fill(1.5));
  },
  leave: () => process.exit(9),
};

let inputs = 0;
await fuzz('tools.target', fc.nat(), () => {
  inputs += 1;
  if (inputs === 50) deeds[process.argv[2] ?? '']?.();
});
