import type { Catalogue } from './catalogue.ts';

export interface GenerateOptions {
  /** `eu`, `ca`, `us`. */
  readonly universe: string;
  /** Day of the documents, `2026-11-22`. */
  readonly date: string;
}

/** A TypeScript module with the interfaces `Models` and `Routes`; the same catalogue and options give the same text. */
export function generateTypes(_catalogue: Catalogue, _options: GenerateOptions): string {
  return '';
}
