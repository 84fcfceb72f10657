/** One import of a TypeScript file. */
export interface ImportStatement {
  readonly specifier: string;
  /** 1-based. */
  readonly line: number;
  /** Erased before the program runs. */
  readonly typeOnly: boolean;
}

/** In formatted code a static import begins its line with `import` or `export`, or ends it with `} from 'x'`. */
const FROM = /^(?:import\s+|(?:import|export|\})[^'"`;]*?\sfrom\s+)(['"])([^'"\n]+)\1/;
const OPENING = /^(import|export)\s+(type\s+)?\{?/;
/** `import('x')` as an expression or as a type. */
const DYNAMIC = /\bimport\(\s*(['"])([^'"$\n]+)\1/g;

/**
 * Lists the imports of formatted TypeScript, in order: static, re-exporting, side-effect, dynamic and type imports.
 * There is no TypeScript API to ask (version 7 has none), so lines are read; a check that builds on it must assert that it found some.
 */
export function scanImports(text: string): ImportStatement[] {
  const imports: ImportStatement[] = [];
  let typeOnly = false;
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(\/\/|\*|\/\*)/.test(line)) continue;
    const opening = OPENING.exec(line);
    if (opening) typeOnly = opening[2] !== undefined;
    const from = FROM.exec(line);
    if (from?.[2] !== undefined) imports.push({ specifier: from[2], line: index + 1, typeOnly });
    for (const dynamic of line.matchAll(DYNAMIC)) {
      if (dynamic[2] !== undefined) imports.push({ specifier: dynamic[2], line: index + 1, typeOnly: false });
    }
  }
  return imports;
}
