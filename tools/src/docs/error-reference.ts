import type { ErrorEntry } from './error-codes.ts';

const HEAD = `# Errors

This page is generated from the sources by \`./dev docs\`; \`./dev check\` fails when it is out of date.

Every failure has a stable code.
The log line of a failure and \`--json\` output show the code; faces with a dialect of their own (an oVirt Fault, for instance) show the text.
*Blame* says who has to act: the \`caller\` mends the request, the \`upstream\` is another system that is ill, the \`gateway\` is Fairlead itself.
A word in braces stands for a fact of the failure.
`;

/** The reference page: a table for each package that declares codes. */
export function formatErrorReference(entries: readonly ErrorEntry[]): string {
  const owners = [...new Set(entries.map((entry) => entry.owner))];
  const parts = owners.map((owner) => {
    const own = entries.filter((entry) => entry.owner === owner);
    return `\n## \`${owner}\`\n\n${own.some((entry) => entry.spec !== undefined) ? specTable(own) : meaningTable(own)}`;
  });
  return HEAD + parts.join('');
}

/** The codes that a reference page lists. */
export function codesIn(page: string): string[] {
  return [...page.matchAll(/^\| `([A-Z0-9_]+)` \|/gm)].flatMap((row) => row[1] ?? []);
}

function specTable(entries: readonly ErrorEntry[]): string {
  const rows = entries.map(({ code, text, spec }) =>
    row([`\`${code}\``, String(spec?.status ?? ''), spec?.blame ?? '', text, spec?.help ?? '']),
  );
  return table(['Code', 'Status', 'Blame', 'Text', 'What to do'], rows);
}

function meaningTable(entries: readonly ErrorEntry[]): string {
  const rows = entries.map(({ code, text }) => row([`\`${code}\``, text]));
  return `These are thrown to programs that use the package; a bridge translates them.\n\n${table(['Code', 'Meaning'], rows)}`;
}

function table(head: readonly string[], rows: readonly string[]): string {
  return `${[row(head), `|${'---|'.repeat(head.length)}`, ...rows].join('\n')}\n`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;')).join(' | ')} |`;
}
