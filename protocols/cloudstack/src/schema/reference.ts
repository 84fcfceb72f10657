import { shape, text } from './shape.ts';

/** Something that is named inside another object. */
export const readReference = shape('reference', {
  id: text,
  name: text,
});
