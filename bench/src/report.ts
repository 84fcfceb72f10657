/** One comparison: what is measured, against whom, side by side in one run. */
export interface Bench {
  readonly name: string;
  readonly title: string;
  /** How often each side runs. */
  readonly rounds: number;
  run(rounds: number): Promise<readonly Table[]>;
}

/** Figures as people read them. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly notes?: readonly string[];
}

/** A table in Markdown, its columns in line. */
export function format({ head, rows, notes = [] }: Table): string {
  const widths = head.map((title, column) => Math.max(title.length, 3, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]) => `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const said = notes.length === 0 ? [] : ['', ...notes.map((note) => `- ${note}`)];
  return [line(head), rule, ...rows.map(line), ...said].join('\n');
}
