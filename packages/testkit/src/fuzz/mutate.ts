import fc from 'fast-check';
import { NASTY } from './hostile.ts';

/** One change of a text or of bytes: `length` units from `at` on (modulo the whole) are replaced. */
interface Edit<Piece> {
  readonly at: number;
  readonly length: number;
  readonly put: Piece;
}

/** What the first edit of an input does to all of it. */
type Shape = 'as it is' | 'cut' | 'doubled' | 'turned';

const SHAPES: readonly Shape[] = ['as it is', 'as it is', 'as it is', 'as it is', 'as it is', 'as it is', 'cut', 'doubled', 'turned'];

/** True samples with some places changed, left out, doubled, or made of `words` and of what broke others. */
export function mutatedText(samples: readonly string[], words: readonly string[] = []): fc.Arbitrary<string> {
  const put = fc.oneof(fc.constantFrom(...NASTY, ...words, ...words), fc.string({ maxLength: 3 }));
  const edits = fc.array(fc.record({ at: fc.nat(), length: fc.nat(6), put }), { maxLength: 5 });
  return fc.tuple(fc.constantFrom(...samples), fc.constantFrom(...SHAPES), fc.nat(), edits).map(([sample, shape, place, changes]) => {
    const at = place % (sample.length + 1);
    const shaped = {
      'as it is': sample,
      cut: sample.slice(0, at),
      doubled: sample + sample.slice(at),
      turned: sample.slice(at) + sample.slice(0, at),
    };
    return changes.reduce((text, edit) => {
      const start = edit.at % (text.length + 1);
      return text.slice(0, start) + edit.put + text.slice(start + edit.length);
    }, shaped[shape]);
  });
}

/** Words of a binary format at their limits. */
const EXTREMES: readonly (readonly number[])[] = [
  [0],
  [0xff],
  [0x80],
  [0, 0, 0, 0],
  [0xff, 0xff, 0xff, 0xff],
  [0x80, 0, 0, 0],
  [0x7f, 0xff, 0xff, 0xff],
  [0, 0x20, 0, 0, 0, 0, 0, 0],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
];

/** True samples with some bytes changed, left out, doubled, or put to the limits of a number. */
export function mutatedBytes(samples: readonly Uint8Array[]): fc.Arbitrary<Buffer> {
  const put: fc.Arbitrary<readonly number[]> = fc.oneof(
    fc.constantFrom(...EXTREMES),
    fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 4 }),
  );
  const edits = fc.array(fc.tuple(fc.record({ at: fc.nat(), length: fc.nat(8), put }), fc.boolean()), { maxLength: 5 });
  return fc.tuple(fc.constantFrom(...samples), fc.constantFrom(...SHAPES), fc.nat(), edits).map(([sample, shape, place, changes]) => {
    const whole: Buffer = Buffer.from(sample);
    const at = place % (whole.length + 1);
    const shaped: Record<Shape, Buffer> = {
      'as it is': whole,
      cut: whole.subarray(0, at),
      doubled: Buffer.concat([whole, whole.subarray(at)]),
      turned: Buffer.concat([whole.subarray(at), whole.subarray(0, at)]),
    };
    return changes.reduce<Buffer>((bytes, [edit, inPlace]) => edited(bytes, edit, inPlace), shaped[shape]);
  });
}

/** `inPlace` overwrites as much as it puts, so that what follows keeps its place. */
function edited(bytes: Buffer, { at, length, put }: Edit<readonly number[]>, inPlace: boolean): Buffer {
  const start = at % (bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, start), Buffer.from(put), bytes.subarray(start + (inPlace ? put.length : length))]);
}
