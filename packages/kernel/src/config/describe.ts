import type { Field } from './fields.ts';
import type { LoadedConfig } from './load.ts';
import type { Section } from './section.ts';

/** A first file with every key commented out at its default: what is set is made active by taking the `;` away. */
export function sampleConfig(sections: readonly Section[]): string {
  return sections
    .map((section) => {
      const keys = Object.entries(section.fields)
        .filter(([, field]) => field.kind !== 'obsolete')
        .map(([key, field]) =>
          [`# ${field.doc}`, `# ${need(field)}${field.allowed}.`, `;${key} = ${field.defaultText ?? ''}`.trimEnd(), ''].join('\n'),
        );
      return [`# ${section.doc}`, `;${header(section)}`, ...keys].join('\n');
    })
    .join('\n');
}

/** The configuration as it counts, with secrets masked and the source of each value behind it. */
export function showConfig(config: LoadedConfig): string {
  const lines: string[] = [];
  let title = '';
  for (const setting of config.sources) {
    if (setting.title !== title) lines.push(...(title === '' ? [] : ['']), setting.title);
    title = setting.title;
    lines.push(`${setting.key} = ${setting.secret ? masked(setting.text) : setting.text}  # ${setting.source}`);
  }
  return `${lines.join('\n')}\n`;
}

/** The reference of all sections as Markdown. */
export function configReference(sections: readonly Section[]): string {
  return sections
    .map((section) => {
      const rows = Object.entries(section.fields).map(
        ([key, field]) => `| \`${key}\` | ${cell(field.allowed)} | ${defaultCell(field)} | ${cell(field.doc)} |`,
      );
      const alias = section.aliases.length > 0 ? [`Also read as ${section.aliases.map((one) => `\`[${one}]\``).join(', ')}.`, ''] : [];
      return [
        `## \`${header(section)}\``,
        '',
        section.doc,
        '',
        ...alias,
        '| Key | Allowed | Default | Meaning |',
        '|---|---|---|---|',
        ...rows,
        '',
      ].join('\n');
    })
    .join('\n');
}

function defaultCell(field: Field<unknown>): string {
  if (field.defaultText) return `\`${cell(field.defaultText)}\``;
  return need(field) === '' ? '-' : 'required';
}

function header(section: Section): string {
  return section.placeholder === undefined ? `[${section.header}]` : `[${section.header} <${section.placeholder}>]`;
}

function need(field: Field<unknown>): string {
  return field.optional || field.defaultText !== undefined ? '' : 'Required: ';
}

/** The name of a secret's file is no secret. */
function masked(text: string): string {
  return text.startsWith('@/') ? text : '********';
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
